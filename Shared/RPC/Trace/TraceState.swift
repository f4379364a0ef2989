/// The header `tracestate`: a list of `key=value` that the systems of a trace pass along. We add
/// nothing to it.
enum TraceState {
  /// How much of it is passed on, in bytes: what W3C asks for at least. Members that do not fit any
  /// more are left out.
  static let bytesMax = 512
  /// How many members W3C allows.
  static let membersMax = 32

  /// What is passed on of the headers, in their order; empty if any of it is malformed, because
  /// then nobody can tell whose it is.
  static func passed(on headers: [String]) -> String {
    var state = ""
    var members = 0
    for member in headers.joined(separator: ",").split(separator: ",") {
      let member = Self.trimmed(member)
      if member.isEmpty { continue }
      members += 1
      guard Self.isWellFormed(member), members <= Self.membersMax else { return "" }
      let text = (state.isEmpty ? "" : ",") + member
      if state.utf8.count + text.utf8.count <= Self.bytesMax { state += text }
    }
    return state
  }

  private static func trimmed(_ text: Substring) -> Substring {
    var rest = text.drop { $0 == " " || $0 == "\t" }
    while let last = rest.last, last == " " || last == "\t" { rest.removeLast() }
    return rest
  }

  /// `key=value`: the key of at most 256 characters, lower case, maybe with a tenant before an `@`;
  /// the value of 1 to 256 printable characters but `,` and `=`, the last of them no space.
  private static func isWellFormed(_ member: Substring) -> Bool {
    let parts = member.utf8.split(
      separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2 else { return false }
    let isValue = parts[1].allSatisfy {
      $0 >= 0x20 && $0 <= 0x7E && $0 != UInt8(ascii: "=")
    }
    guard isValue, (1...256).contains(parts[1].count) else { return false }
    let names = parts[0].split(separator: UInt8(ascii: "@"), omittingEmptySubsequences: false)
    switch names.count {
    case 1: return Self.isName(names[0], upTo: 256, beginsWithDigit: false)
    case 2:
      return Self.isName(names[0], upTo: 241, beginsWithDigit: true)
        && Self.isName(names[1], upTo: 14, beginsWithDigit: false)
    default: return false
    }
  }

  private static func isName(
    _ name: Substring.UTF8View, upTo max: Int, beginsWithDigit: Bool
  ) -> Bool {
    let letters = UInt8(ascii: "a")...UInt8(ascii: "z")
    let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
    guard let first = name.first, name.count <= max,
      letters.contains(first) || (beginsWithDigit && digits.contains(first))
    else { return false }
    return name.allSatisfy {
      letters.contains($0) || digits.contains($0) || "_-*/".utf8.contains($0)
    }
  }
}
