import DomainModel

/// A report of an event of a person as sent: not yet checked.
struct PersonReportClaim: Hashable, Sendable {
  var citizenID: String
  var source: String
  var reference: String
  var what: What?

  /// What is reported.
  enum What: Hashable, Sendable {
    case death(on: String)
    case deathWithdrawal(on: String)
    case hukouMove(to: String, on: String)
    case numberChange(to: String, on: String)
    case phoneReassignment(String, on: String)
  }

  /// The report; throws with every defect. `today` is the civil date in Asia/Shanghai.
  func checked(on today: CivilDate, _ divisions: DivisionTable) throws -> PersonReport {
    var defects = DefectList()
    let citizenID = defects.take(CitizenID.check(self.citizenID, on: today), at: "citizen_id")
    defects.check(self.source, at: "source", max: PersonReport.sourceCharactersMax)
    defects.check(self.reference, at: "reference", max: TextLimits.referenceCharactersMax)
    let event = self.event(of: citizenID, on: today, divisions, &defects)
    try defects.throwIfAny(.requestInvalid)
    guard let citizenID, let event else { throw ServiceError(.requestInvalid) }
    return PersonReport(
      citizenID: citizenID, event: event, source: self.source, reference: self.reference)
  }

  private func event(
    of citizenID: CitizenID?, on today: CivilDate, _ divisions: DivisionTable,
    _ defects: inout DefectList
  ) -> PersonEvent? {
    func day(_ text: String, at field: String) -> CivilDate? {
      defects.date(text, at: field, notAfter: today, notBefore: citizenID?.birthDate)
    }
    switch self.what {
    case .death(let on):
      return day(on, at: "death.died_on").map { .died(on: $0) }
    case .deathWithdrawal(let on):
      return day(on, at: "death_withdrawn.withdrawn_on").map { .deathWithdrawn(on: $0) }
    case .hukouMove(let division, let on):
      let moved = day(on, at: "hukou_moved.moved_on")
      Self.check(division, on: moved ?? today, divisions, &defects)
      return moved.map { .hukouMoved(to: division, on: $0) }
    case .numberChange(let number, let on):
      let changed = day(on, at: "number_changed.changed_on")
      let next = defects.take(
        CitizenID.check(number, on: today), at: "number_changed.new_citizen_id")
      if let next, next == citizenID {
        defects.add(.valueUnknown, at: "number_changed.new_citizen_id")
      }
      return next.flatMap { next in changed.map { .numberChanged(to: next, on: $0) } }
    case .phoneReassignment(let phone, let on):
      let reassigned = day(on, at: "phone_reassigned.reassigned_on")
      let number = defects.take(PhoneNumber.check(phone), at: "phone_reassigned.phone")
      return number.flatMap { number in
        reassigned.map { .phoneReassigned(number, on: $0) }
      }
    case nil:
      defects.add(.fieldMissing, at: "event")
      return nil
    }
  }

  /// A hukou may lie anywhere in the country, in a county that was given up since as well; of other
  /// provinces the counties are not known one by one.
  private static func check(
    _ division: String, on day: CivilDate, _ divisions: DivisionTable,
    _ defects: inout DefectList
  ) {
    let field = "hukou_moved.division_code"
    if division.isEmpty {
      defects.add(.fieldMissing, at: field)
      return
    }
    switch divisions.standing(of: division, on: day) {
    case .unknown: defects.add(.divisionUnknown, at: field)
    case .current(let division) where !division.kind.isCountyLevel:
      defects.add(.divisionNotCounty, at: field)
    case .current, .abolished, .elsewhere: break
    }
  }
}
