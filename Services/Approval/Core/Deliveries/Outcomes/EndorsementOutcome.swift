import DomainModel
import Storage
import Wire

extension DecidedCase {
  /// 签注: another year, in time if it was submitted in time. Where the form gives a day of change,
  /// the address change rides along: of the permit with the endorsement, of the registration after
  /// it.
  func endorsement() throws -> [OutboxMessage] {
    let hasMoved = !self.form.changedOn.isEmpty
    let key = self.key("endorse")
    let request = RegistryV1.EndorsePermitRequest(
      idempotencyKey: key, certificateIdentifier: self.certificateIdentifier, order: self.order,
      submittedOn: self.submittedOn, move: hasMoved ? self.move : nil, phone: self.form.phone)
    let endorsement = try self.message(request, Methods.endorsePermit, key: key)
    let isRegistered = !self.file.origin.subject.registrationID.isEmpty
    return hasMoved && isRegistered
      ? [endorsement, try self.registrationChange()] : [endorsement]
  }
}
