import DomainModel

/// What is to happen to a registration, checked in itself.
enum RegistrationChange: Hashable, Sendable {
  /// 变更登记: a move or another workplace.
  case move(Move)
  /// It ends.
  case end(on: CivilDate, EndReason)

  /// A move or another workplace.
  struct Move: Hashable, Sendable {
    let address: Address
    let workplace: String
    /// The day of the move, or of the other workplace.
    let changedOn: CivilDate
    /// 申报日 of the change: the next registration begins on it.
    let reportedOn: CivilDate
    /// The office that registers the change.
    let officeCode: String
  }
}

/// An order to change one registration, checked in itself.
struct RegistrationOrder: Hashable, Sendable {
  let id: ID<Registration>
  let change: RegistrationChange
  /// The office that acts: 12 digits.
  let officeCode: String
}

/// An order to change one registration as sent: not yet checked.
struct RegistrationChangeClaim: Hashable, Sendable {
  var id: String
  var officeCode: String
  var what: What

  /// What is to happen.
  enum What: Hashable, Sendable {
    case move(to: Address, workplace: String, changedOn: String, reportedOn: String)
    case end(on: String, EndReason?)
  }

  /// The order; throws with every defect. `today` is the civil date in Asia/Shanghai.
  func checked(on today: CivilDate, _ divisions: DivisionTable) throws -> RegistrationOrder {
    var defects = DefectList()
    defects.check(self.id, at: "registration_id", max: TextLimits.referenceCharactersMax)
    let change: RegistrationChange?
    switch self.what {
    case .move(let address, let workplace, let changedOn, let reportedOn):
      let reported = defects.date(
        reportedOn, at: "reported_on", notAfter: today, notBefore: nil)
      let changed = defects.date(
        changedOn, at: "changed_on", notAfter: reported ?? today, notBefore: nil)
      defects.checkRegistered(address, at: "address", on: reported ?? today, divisions)
      defects.checkWorkplace(workplace, at: "workplace")
      change = self.move(address, workplace, changed, reported)
    case .end(let text, let reason):
      let day = defects.date(text, at: "ended_on", notAfter: today, notBefore: nil)
      if reason == nil { defects.add(.fieldMissing, at: "reason") }
      // Only another registration in its place says so.
      if reason == .moved { defects.add(.valueUnknown, at: "reason") }
      change = day.flatMap { day in reason.map { .end(on: day, $0) } }
    }
    defects.checkOffice(self.officeCode, at: "office_code")
    try defects.throwIfAny(.requestInvalid)
    guard let change else { throw ServiceError(.requestInvalid) }
    return RegistrationOrder(id: ID(self.id), change: change, officeCode: self.officeCode)
  }

  private func move(
    _ address: Address, _ workplace: String, _ changedOn: CivilDate?, _ reportedOn: CivilDate?
  ) -> RegistrationChange? {
    guard let changedOn, let reportedOn else { return nil }
    return .move(
      RegistrationChange.Move(
        address: address, workplace: workplace, changedOn: changedOn, reportedOn: reportedOn,
        officeCode: self.officeCode))
  }
}
