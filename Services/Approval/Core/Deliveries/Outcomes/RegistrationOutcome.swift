import DomainModel
import Storage
import Wire

// What a decision does to registrations. They are the residence office's, whichever office
// confirmed.
extension DecidedCase {
  /// 居住登记: the declaration counts from the day of submission, even if it is confirmed later (rules,
  /// Intake).
  func residenceRegistration() throws -> OutboxMessage {
    let key = self.key("register")
    let request = RegistryV1.RecordRegistrationRequest(
      idempotencyKey: key, person: self.form.applicant, address: self.form.residence,
      declaredOn: self.submittedOn, officeCode: self.file.origin.officeCode,
      workplace: self.form.workplace)
    return try self.message(request, Methods.recordRegistration, key: key)
  }

  /// 居住地址变更: of the permit first, where there is one, for it takes a move inside its unit alone
  /// and else the registration must stay; then of the registration.
  func addressChange() throws -> [OutboxMessage] {
    if self.certificateIdentifier.isEmpty { return [try self.registrationChange()] }
    let key = self.key("move-permit")
    let request = RegistryV1.ChangePermitAddressRequest(
      idempotencyKey: key, certificateIdentifier: self.certificateIdentifier, order: self.order,
      move: self.move)
    return [
      try self.message(request, Methods.changePermitAddress, key: key),
      try self.registrationChange(),
    ]
  }

  /// Another registration takes the place of the one there is, from the day of submission on.
  func registrationChange() throws -> OutboxMessage {
    let key = self.key("move-registration")
    let request = RegistryV1.ChangeRegistrationRequest(
      idempotencyKey: key, registrationID: self.file.origin.subject.registrationID,
      address: self.form.residence, workplace: self.form.workplace,
      changedOn: self.move.changedOn, reportedOn: self.submittedOn,
      officeCode: self.file.origin.officeCode)
    return try self.message(request, Methods.changeRegistration, key: key)
  }
}
