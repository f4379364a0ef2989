import DomainModel
import Storage
import Wire

extension DecidedCase {
  /// 证面信息更正: the permit's next certificate says what the form says (Hangzhou rules, Art. 18).
  func faceDataCorrection() throws -> OutboxMessage {
    let key = self.key("correct")
    let request = RegistryV1.CorrectPermitRequest(
      idempotencyKey: key, certificateIdentifier: self.certificateIdentifier, order: self.order,
      holder: self.form.applicant, photoSha256: self.hash(of: .photo),
      proofSha256: self.hash(of: .correctionProof))
    return try self.message(request, Methods.correctPermit, key: key)
  }
}
