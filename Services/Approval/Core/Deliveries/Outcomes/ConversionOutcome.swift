import DomainModel
import Storage
import Wire

extension DecidedCase {
  /// 互认转换: a permit of this unit is issued, and the earlier one, where there is one, is cancelled
  /// with it.
  func conversion(by kind: RegistryV1.ConversionKind) throws -> OutboxMessage {
    let key = self.key("convert")
    let request = RegistryV1.ConvertPermitRequest(
      idempotencyKey: key, order: self.order, kind: kind, holder: self.form.applicant,
      residence: self.form.residence, phone: self.form.phone, photoSha256: self.hash(of: .photo),
      bureauCode: self.file.origin.bureauCode)
    return try self.message(request, Methods.convertPermit, key: key)
  }
}
