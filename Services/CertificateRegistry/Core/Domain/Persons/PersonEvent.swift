import DomainModel

/// What another authority reports of a person (rules, Registry: outside events).
enum PersonEvent: Hashable, Sendable {
  /// 死亡
  case died(on: CivilDate)
  /// A report of the death was wrong.
  case deathWithdrawn(on: CivilDate)
  /// 户口迁移: registered for good in a county-level division, from a day on.
  case hukouMoved(to: String, on: CivilDate)
  /// 公民身份号码变更
  case numberChanged(to: CitizenID, on: CivilDate)
  /// 二次放号: the carrier has given the phone to somebody else.
  case phoneReassigned(PhoneNumber, on: CivilDate)

  /// Its name in records and histories.
  enum Kind: String, Hashable, Sendable, CaseIterable {
    case died
    case deathWithdrawn = "death_withdrawn"
    case hukouMoved = "hukou_moved"
    case numberChanged = "number_changed"
    case phoneReassigned = "phone_reassigned"
  }

  var kind: Kind {
    switch self {
    case .died: .died
    case .deathWithdrawn: .deathWithdrawn
    case .hukouMoved: .hukouMoved
    case .numberChanged: .numberChanged
    case .phoneReassigned: .phoneReassigned
    }
  }

  /// Why applications have nothing left to decide once it is recorded; nil where nothing follows
  /// for them, or a later hukou counts. `facts` are those before it.
  func closure(given facts: PersonFacts) -> ClosureReason? {
    switch self {
    case .died: .death
    case .hukouMoved(let division, let day):
      facts.after(self).hukou == PersonFacts.Hukou(division: division, since: day)
        ? .localHukou : nil
    case .deathWithdrawn, .numberChanged, .phoneReassigned: nil
    }
  }

  /// The day on which it happened, whenever it is reported.
  var day: CivilDate {
    switch self {
    case .died(let day), .deathWithdrawn(let day), .hukouMoved(_, let day),
      .numberChanged(_, let day), .phoneReassigned(_, let day):
      day
    }
  }
}

/// A report of such an event, checked in itself.
struct PersonReport: Hashable, Sendable {
  /// The number that he is reported by: his present one, or an earlier one.
  let citizenID: CitizenID
  let event: PersonEvent
  /// Which body says so.
  let source: String
  /// The number of its paper or record.
  let reference: String

  /// How long a source's name may be, in Unicode scalars.
  static let sourceCharactersMax = 80

  /// On what everything rests that follows from it, for histories.
  var detail: String {
    "\(self.event.kind.rawValue) \(self.event.day.iso); \(self.source); \(self.reference)"
  }
}
