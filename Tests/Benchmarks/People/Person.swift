public import Wire

/// Persons for a load: each number is another one, always the same, with his hukou outside of the
/// province.
public struct Person: Sendable {
  private static let homes = ["341224", "411425", "522326", "360424", "511025"]
  private static let surnames = Array("王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗")
  private static let given = Array("伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平")
  /// Persons born on one day in one county, as far as the number's three digits tell them apart.
  private static let sequencesMax = 999
  private static let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]

  private let number: Int

  /// The person with a number from 0.
  public init(number: Int) {
    self.number = number
  }

  /// A mainland mobile number.
  public var phone: String { "13" + Self.padded(self.number, 9) }

  /// Who it is.
  public var identity: ModelV1.Identity {
    let spread = self.number &* 2_654_435_761
    let name = [
      Self.surnames[(spread >> 8) % Self.surnames.count],
      Self.given[(spread >> 16) % Self.given.count],
    ]
    return ModelV1.Identity(
      citizenID: self.citizenID, name: String(name), sex: self.sequence % 2 == 0 ? .female : .male,
      ethnicityCode: "01",
      householdAddress: ModelV1.Address(divisionCode: self.home, street: "城关镇", detail: "人民路8号"))
  }

  private var home: String { Self.homes[self.number % Self.homes.count] }
  private var sequence: Int { self.number / Self.homes.count % Self.sequencesMax + 1 }

  /// A number by GB 11643-1999, of somebody born on the n-th day (months of 28 days) from 1960 on.
  private var citizenID: String {
    let day = self.number / Self.homes.count / Self.sequencesMax
    let (month, year) = (day / 28 % 12 + 1, 1960 + day / 336)
    let digits =
      self.home + Self.padded(year, 4) + Self.padded(month, 2) + Self.padded(day % 28 + 1, 2)
      + Self.padded(self.sequence, 3)
    let sum = zip(digits.utf8, Self.weights).reduce(0) { $0 + Int($1.0 - 48) * $1.1 }
    return digits + String(Array("10X98765432")[sum % 11])
  }

  private static func padded(_ number: Int, _ count: Int) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(0, count - text.count)) + text
  }
}
