/// Numbers as people read them: three digits of what was measured, thousands apart, units at hand.
package enum Figure {
  /// A whole number without, any other with up to three digits after the point; nothing is padded.
  package static func plain(_ value: Double) -> String {
    guard value.isFinite else { return "no number" }
    guard abs(value) < 1e15 else { return "\(value)" }
    return Self.decimal(value, places: 3)
  }

  /// A number of things, such as `1,234,567`.
  package static func count(_ value: Int) -> String {
    let digits = String(value.magnitude)
    var text = value < 0 ? "-" : ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index).isMultiple(of: 3) { text.append(",") }
      text.append(digit)
    }
    return text
  }

  /// Three digits of a measured value, such as `0.0123`, `4.21`, `50` or `1,234`; more where they
  /// stand before the point, and no zeros at the end of what stands behind it.
  package static func measured(_ value: Double) -> String {
    guard value.isFinite, abs(value) < 1e15 else { return self.plain(value) }
    let size = abs(value)
    if size >= 99.95 { return self.count(Int(value.rounded())) }
    if size >= 9.995 { return self.decimal(value, places: 1) }
    if size >= 0.9995 { return self.decimal(value, places: 2) }
    return size < 0.000_05 ? "0" : self.decimal(value, places: 4)
  }

  /// A latency of so many µs, such as `850 µs`, `4.21 ms` or `1.25 s`.
  package static func latency(_ us: Int64) -> String {
    if us < 1_000 { return "\(us) µs" }
    if us < 1_000_000 { return "\(self.measured(Double(us) / 1_000)) ms" }
    if us < 60_000_000 { return "\(self.measured(Double(us) / 1_000_000)) s" }
    return self.duration(us)
  }

  /// A time of so many µs in whole seconds, such as `45 s`, `10 min` or `1 h 0 min 5 s`.
  package static func duration(_ us: Int64) -> String {
    let seconds = (max(0, us) + 500_000) / 1_000_000
    let parts = [(seconds / 3_600, "h"), (seconds / 60 % 60, "min"), (seconds % 60, "s")]
    let told = parts.drop { $0.0 == 0 }
    guard let last = told.lastIndex(where: { $0.0 > 0 }) else { return "0 s" }
    return told[...last].map { "\($0.0) \($0.1)" }.joined(separator: " ")
  }

  /// A rate, such as `200 a second`.
  package static func perSecond(_ rate: Double) -> String { "\(self.measured(rate)) a second" }

  /// So many bytes, such as `1.23 MB`: powers of a thousand.
  package static func bytes(_ value: Double) -> String {
    var (scaled, unit) = (value, 0)
    let units = ["B", "kB", "MB", "GB", "TB"]
    while abs(scaled) >= 999.5, unit < units.count - 1 {
      scaled /= 1_000
      unit += 1
    }
    return "\(self.measured(scaled)) \(units[unit])"
  }

  /// A share of one, such as `0.12 %`.
  package static func percent(_ share: Double) -> String { "\(self.measured(share * 100)) %" }

  private static func decimal(_ value: Double, places: Int) -> String {
    let scale = (0..<places).reduce(Int64(1)) { product, _ in product * 10 }
    let scaled = Int64((abs(value) * Double(scale)).rounded())
    let (whole, rest) = scaled.quotientAndRemainder(dividingBy: scale)
    var digits = String(String(scale + rest).dropFirst())
    while digits.last == "0" { digits.removeLast() }
    let text = digits.isEmpty ? String(whole) : "\(whole).\(digits)"
    return value < 0 && scaled > 0 ? "-\(text)" : text
  }
}
