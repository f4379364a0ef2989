package import DomainModel

/// Times as providers write them: twelve digits, in Asia/Shanghai.
package enum CarrierTime {
  /// YYMMDDhhmmss.
  package static func digits(_ instant: Timestamp) -> String {
    String(instant.shanghaiText.filter { $0.isASCII && $0.isNumber }.dropFirst(2))
  }

  /// YYMMDDhhmmsstnnp (SMPP 3.4, 7.1.1): no tenths, 32 quarters of an hour ahead of UTC.
  package static func absolute(_ instant: Timestamp) -> String {
    Self.digits(instant) + "032+"
  }

  /// The instant that YYMMDDhhmm or YYMMDDhhmmss names; nil for anything else.
  package static func instant(_ text: some StringProtocol) -> Timestamp? {
    let digits = text.utf8.map { Int64($0) - 48 }
    guard digits.count == 10 || digits.count == 12 else { return nil }
    guard digits.allSatisfy({ (0...9).contains($0) }) else { return nil }
    let pairs = stride(from: 0, to: digits.count, by: 2).map { digits[$0] * 10 + digits[$0 + 1] }
    let date = CivilDate(year: 2000 + Int(pairs[0]), month: Int(pairs[1]), day: Int(pairs[2]))
    guard let date, pairs[3] < 24, pairs[4] < 60 else { return nil }
    let seconds = pairs.count > 5 ? min(pairs[5], 59) : 0
    return date.startOfDay.adding(
      milliseconds: (pairs[3] * 3_600 + pairs[4] * 60 + seconds) * 1_000)
  }
}
