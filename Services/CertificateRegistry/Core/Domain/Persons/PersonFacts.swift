import DomainModel

/// What was reported of a person and still holds: it follows from his events in the order in which
/// they were recorded.
struct PersonFacts: Hashable, Sendable {
  /// 死亡; nil while he lives, as far as anybody has said.
  private(set) var diedOn: CivilDate?
  /// The hukou he has by the latest day that was reported; nil where none was.
  private(set) var hukou: Hukou?
  /// The citizen number he has by now; nil where it was never changed.
  private(set) var citizenID: String?
  private var numberedOn: CivilDate?

  /// Where somebody is registered for good, and since when.
  struct Hukou: Hashable, Sendable {
    let division: String
    let since: CivilDate
  }

  /// Nothing was reported.
  init() {}

  /// What events make up, in the order in which they were recorded.
  init(_ events: [PersonEvent]) {
    for event in events { self.take(event) }
  }

  /// The facts once an event has been recorded.
  func after(_ event: PersonEvent) -> PersonFacts {
    var next = self
    next.take(event)
    return next
  }

  /// Of what can happen again, the later day holds, whichever was reported first.
  private mutating func take(_ event: PersonEvent) {
    switch event {
    case .died(let day): self.diedOn = day
    case .deathWithdrawn: self.diedOn = nil
    case .hukouMoved(let division, let day):
      if let hukou, hukou.since > day { return }
      self.hukou = Hukou(division: division, since: day)
    case .numberChanged(let number, let day):
      if let numberedOn, numberedOn > day { return }
      self.citizenID = number.text
      self.numberedOn = day
    case .phoneReassigned: break
    }
  }
}

/// What was reported of a person.
struct RecordedEvents: Hashable, Sendable {
  /// The events from which facts follow, in the order in which they were recorded.
  var bearing: [PersonEvent] = []
  /// How many there are, with those from which none do.
  var count = 0

  /// What holds by now.
  var facts: PersonFacts { PersonFacts(self.bearing) }
}

extension PersonFacts {
  /// Throws `PERSON_DECEASED` for the dead, and `HUKOU_IN_UNIT` where the residence lies in the
  /// unit of his hukou: who lives there is no migrant (Zhejiang Regulation, Art. 2), and a permit
  /// ends with it (Hangzhou Regulation, Art. 21).
  func checkMayHold(permitIn division: String, _ divisions: DivisionTable) throws {
    if let diedOn { throw ServiceError(.personDeceased, metadata: ["died_on": diedOn.iso]) }
    if let hukou, divisions.areOneUnit(hukou.division, division) {
      throw ServiceError(.hukouInUnit, metadata: ["division_code": hukou.division])
    }
  }

  /// Throws `PERSON_NUMBER_CHANGED` where a permit was to be issued under a number that he has no
  /// more.
  func checkNumber(_ citizenID: CitizenID) throws {
    if let present = self.citizenID, present != citizenID.text {
      throw ServiceError(.personNumberChanged)
    }
  }

  /// Throws as `checkMayHold` does for a registration that was not over when he died or became
  /// local: those before are recorded for their time.
  func checkMayRegister(
    in division: String, from declaredOn: CivilDate, to endedOn: CivilDate?,
    _ divisions: DivisionTable
  ) throws {
    if let diedOn, endedOn.map({ $0 > diedOn }) ?? true {
      throw ServiceError(.personDeceased, metadata: ["died_on": diedOn.iso])
    }
    guard let hukou, divisions.areOneUnit(hukou.division, division),
      endedOn.map({ $0 > hukou.since }) ?? true
    else { return }
    throw ServiceError(.hukouInUnit, metadata: ["division_code": hukou.division])
  }
}
