import DomainModel

/// Who comes on which day of the past year, and who of them applies for a permit.
struct YearPlan: Hashable, Sendable {
  /// How many persons may be stored.
  static let personsMax = 10_000_000
  /// How many of a thousand registered persons hold a permit, unless somebody says otherwise: 6 of
  /// 25 million in the province (domain.md 12, an estimate for sizing).
  static let holdersPerMille = 240
  /// How long ago the first ones came at most, in days: their permits' full year is over by now.
  static let pastDaysMax = 390
  /// How many days lie between two days on which somebody comes at most: so no reminder of an
  /// endorsement (7 days before the window closes, rules: Notification) comes too late.
  static let leapDaysMax = 5
  /// How many come in a day at least before there are more days.
  static let personsADay = 200

  let persons: Int
  let holders: Int
  /// How long ago the first ones came, in days.
  let pastDays: Int
  /// How many days somebody comes on.
  let days: Int

  init(persons: Int, holders: Int, pastDays: Int = Self.pastDaysMax) {
    self.persons = persons
    self.holders = holders
    self.pastDays = pastDays
    let daysMin = (pastDays + Self.leapDaysMax - 1) / Self.leapDaysMax
    self.days = min(pastDays, max(daysMin, persons / Self.personsADay))
  }

  /// How many hold a permit of so many, as in the province.
  static func usualHolders(of persons: Int) -> Int {
    (persons * self.holdersPerMille + 999) / 1_000
  }

  /// The persons of a day, by their place in the population.
  func persons(on day: Int) -> Range<Int> {
    self.persons * day / self.days..<self.persons * (day + 1) / self.days
  }

  /// Which date a day is; the last one lies before today.
  func date(of day: Int, today: CivilDate) -> CivilDate {
    today.adding(days: -self.pastDays + day * self.pastDays / self.days)
  }

  /// Whether a person applies, so that holders stand evenly among the others.
  func isHolder(_ person: Int) -> Bool {
    (person + 1) * self.holders / self.persons > person * self.holders / self.persons
  }

  /// How many of the first so many persons hold a permit.
  func holders(among persons: Int) -> Int { persons * self.holders / self.persons }
}
