import DomainModel

/// A registration as it is to be recorded, checked in itself.
struct RegistrationCommand: Hashable, Sendable {
  let person: PersonIdentity
  let address: Address
  let workplace: String
  let declaredOn: CivilDate
  let endedOn: CivilDate?
  let officeCode: String
}

/// A registration as sent: not yet checked.
struct RegistrationClaim: Hashable, Sendable {
  var person: IdentityClaim
  var address: Address
  var workplace: String
  var declaredOn: String
  var endedOn: String
  var officeCode: String

  /// The command; throws with every defect. `today` is the civil date in Asia/Shanghai.
  func checked(on today: CivilDate, _ divisions: DivisionTable) throws -> RegistrationCommand {
    var defects = DefectList()
    let person = self.person.checked(at: "person", on: today, divisions, &defects)
    let declaredOn = defects.date(
      self.declaredOn, at: "declared_on", notAfter: today,
      notBefore: person?.citizenID.birthDate)
    defects.checkRegistered(self.address, at: "address", on: declaredOn ?? today, divisions)
    defects.checkWorkplace(self.workplace, at: "workplace")
    var endedOn: CivilDate?
    if !self.endedOn.isEmpty {
      endedOn = defects.date(
        self.endedOn, at: "ended_on", notAfter: today, notBefore: declaredOn)
    }
    defects.checkOffice(self.officeCode, at: "office_code")
    try defects.throwIfAny(.requestInvalid)
    guard let person, let declaredOn else { throw ServiceError(.requestInvalid) }
    return RegistrationCommand(
      person: person, address: self.address, workplace: self.workplace, declaredOn: declaredOn,
      endedOn: endedOn, officeCode: self.officeCode)
  }
}

extension DefectList {
  /// Checks a workplace (服务处所), which nobody must have.
  mutating func checkWorkplace(_ text: String, at field: String) {
    self.check(text, at: field, max: Registration.workplaceCharactersMax, isRequired: false)
  }
}
