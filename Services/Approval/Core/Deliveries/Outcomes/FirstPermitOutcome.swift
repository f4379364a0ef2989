import DomainModel
import Storage
import Wire

extension DecidedCase {
  /// 首次申领: a permit is issued. The issue date is the day of the approval opinion.
  ///
  /// `lost`: the permit that was issued on it and that the registry has lost.
  func firstPermit(lost: ApprovalCase.Effect? = nil) throws -> OutboxMessage {
    let (origin, key) = (self.file.origin, self.key(lost == nil ? "issue" : "reissue"))
    let request = RegistryV1.IssuePermitRequest(
      idempotencyKey: key, applicationID: origin.applicationID, caseID: self.file.id.text,
      holder: self.form.applicant, residence: self.form.residence, phone: self.form.phone,
      photoSha256: self.hash(of: .photo), bureauCode: origin.bureauCode, issuedOn: self.decidedOn,
      actor: self.order.actor, actorOffice: self.decision.officeCode,
      policyVersion: origin.policyVersion,
      certificateIdentifier: lost?.certificateIdentifier ?? "",
      issuedAtMs: lost?.at.milliseconds ?? 0)
    return try self.message(request, Methods.issuePermit, key: key)
  }
}
