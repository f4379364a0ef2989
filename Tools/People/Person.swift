public import Wire

/// A person made up for tests under load: each number is another one, always the same, with a valid
/// citizen number, his hukou outside of the province and his dwelling in it.
public struct Person: Sendable {
  /// How many there are: beyond, they begin anew.
  public static let count = homes.count * sequencesMax * birthdaysMax

  private static let homes = ["341224", "411425", "522326", "360424", "511025"]
  /// Persons born on one day in one county, as far as the number's three digits tell them apart.
  private static let sequencesMax = 999
  /// From 1960 on, in years of 336 days (months of 28); the youngest are of age.
  private static let birthdaysMax = 45 * 336

  /// From 0.
  public let number: Int
  /// Scattered, so that neighbours differ in name and dwelling; the same for a number each time.
  private let spread: Int

  /// The person with a number from 0.
  public init(number: Int) {
    self.number = number % Self.count
    self.spread = Int(truncatingIfNeeded: (UInt64(number) &* 2_654_435_761) >> 8 & 0xFFFF_FFFF)
  }

  /// A mainland mobile number.
  public var phone: String { "13" + SampleNumber.digits(self.number, 9) }

  /// A number by GB 11643-1999.
  public var citizenID: String {
    let day = self.number / Self.homes.count / Self.sequencesMax
    let born =
      SampleNumber.digits(1960 + day / 336, 4) + SampleNumber.digits(day / 28 % 12 + 1, 2)
      + SampleNumber.digits(day % 28 + 1, 2)
    return SampleNumber.citizenID(self.home, born: born, sequence: self.sequence)
  }

  /// As the identity card writes it.
  public var name: String { PersonNames.name(self.spread) }

  /// Who it is.
  public var identity: ModelV1.Identity {
    ModelV1.Identity(
      citizenID: self.citizenID, name: self.name, sex: self.sequence % 2 == 0 ? .female : .male,
      ethnicityCode: PersonNames.isOfMinority(self.spread) ? "05" : "01",
      householdAddress: ModelV1.Address(divisionCode: self.home, street: "城关镇", detail: "人民路8号"))
  }

  /// Where he lives.
  public var residence: ModelV1.Address { Dwellings.address(self.spread) }

  /// The office that registers him there: the one of his county that takes every street.
  public var station: String { self.residence.divisionCode + "500000" }

  private var home: String { Self.homes[self.number % Self.homes.count] }
  private var sequence: Int { self.number / Self.homes.count % Self.sequencesMax + 1 }
}

extension Person {
  /// The form of a first permit, on the ground of employment.
  public var form: ModelV1.ApplicationForm {
    ModelV1.ApplicationForm(
      applicant: self.identity, residence: self.residence, phone: self.phone,
      claims: [
        ModelV1.ConditionClaim(condition: .employment, evidence: [.labourContract])
      ], workplace: "杭州某某科技有限公司")
  }
}

/// Persons in an order of their own for each seed.
public struct Population: Sendable {
  /// Has no factor in common with their number, so that nobody comes twice.
  private static let stride = 48_271

  private let first: Int

  /// The persons of a seed. Those of two seeds may be the same ones.
  public init(seed: UInt64) {
    self.first = Int(seed % UInt64(Person.count))
  }

  /// The n-th of them, from 0.
  public subscript(index: Int) -> Person {
    Person(number: (self.first + index % Person.count * Self.stride) % Person.count)
  }
}
