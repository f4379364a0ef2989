import DomainModel

/// The number an applicant reads on the receipt (申请编号): 23 digits.
///
/// | digits | what |
/// |---|---|
/// | 1–6 | county-level division of the residence (GB/T 2260) |
/// | 7–14 | day of submission in Asia/Shanghai, YYYYMMDD |
/// | 15–22 | random, so that a number says nothing about how many there are and cannot be guessed |
/// | 23 | check digit over the 22 before, ISO 7064 MOD 11,10 |
///
/// The store keeps it unique; the random part is drawn again where it is taken.
struct ApplicationNumber: Hashable, Sendable {
  /// How many digits.
  static let length = 23
  private static let randomDigits = 8

  /// The 23 digits.
  let text: String

  /// A new number.
  ///
  /// - Parameters:
  ///   - division: six digits.
  ///   - draw: any number; its last eight decimal digits are used.
  init(division: String, submittedOn date: CivilDate, draw: UInt64) {
    let day = date.iso.filter { $0 != "-" }
    var random = String(draw % 100_000_000)
    random = String(repeating: "0", count: Self.randomDigits - random.count) + random
    let body = division + day + random
    self.text = body + String(Self.checkDigit(of: body.utf8.map { Int($0) - 48 }))
  }

  /// Reads a number; nil where the shape or the check digit is wrong.
  init?(_ text: String) {
    let digits = text.utf8.map { Int($0) - 48 }
    guard digits.count == Self.length, digits.allSatisfy((0...9).contains),
      Self.checkDigit(of: digits.dropLast()) == digits.last
    else { return nil }
    self.text = text
  }

  /// ISO 7064 MOD 11,10, the hybrid system for digits.
  private static func checkDigit(of digits: some Sequence<Int>) -> Int {
    var product = 10
    for digit in digits {
      let sum = (product + digit) % 10
      product = (sum == 0 ? 10 : sum) * 2 % 11
    }
    return (11 - product) % 10
  }
}
