import Documents
import DomainModel
import Papers

/// The registry's papers as bytes. The same paper gives the same bytes.
extension PaperPrinter {
  /// The slip as PDF, dated to its printing.
  func pdf(of slip: ConfirmationSlip) throws(DocumentError) -> [UInt8] {
    try self.pdf(of: slip.document(), createdAt: slip.printedAt)
  }

  /// The voucher as PDF, dated to its registration.
  func pdf(of voucher: RegistrationVoucher) throws(DocumentError) -> [UInt8] {
    try self.pdf(of: voucher.document(), createdAt: voucher.registeredAt)
  }

  /// The voucher as a picture.
  func png(of voucher: RegistrationVoucher) throws(DocumentError) -> [UInt8] {
    try self.png(of: voucher.document())
  }

  /// The permit's face as a picture.
  func png(of face: PermitFace) throws(DocumentError) -> [UInt8] {
    try self.png(of: face.document(), dotsPerInch: PermitFace.dotsPerInch)
  }
}
