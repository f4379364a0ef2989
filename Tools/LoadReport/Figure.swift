/// Numbers as people read them: no more digits than are known, thousands apart, units at hand.
package enum Figure {
  /// A whole number without, any other with up to three digits after the point; nothing is padded.
  package static func plain(_ value: Double) -> String {
    guard value.isFinite else { return "no number" }
    guard abs(value) < 1e15 else { return "\(value)" }
    let thousandths = Int64((value * 1_000).rounded())
    let (whole, rest) = abs(thousandths).quotientAndRemainder(dividingBy: 1_000)
    var text = String(whole)
    if rest > 0 {
      var digits = String(String(1_000 + rest).dropFirst())
      while digits.last == "0" { digits.removeLast() }
      text += ".\(digits)"
    }
    return thousandths < 0 ? "-\(text)" : text
  }
}
