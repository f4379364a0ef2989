import Documents
import DomainModel

/// Papers as bytes. It takes milliseconds, so a caller runs it on the pool for long work, never on
/// an event loop or a writer. The same paper gives the same bytes.
struct PaperPrinter: Sendable {
  private let renderer: DocumentRenderer

  init(_ renderer: DocumentRenderer) {
    self.renderer = renderer
  }

  /// The slip as PDF, dated to its printing.
  func pdf(of slip: ConfirmationSlip) throws(DocumentError) -> [UInt8] {
    try self.renderer.pdf(of: slip.document(), createdAt: slip.printedAt)
  }

  /// The voucher as PDF, dated to its registration.
  func pdf(of voucher: RegistrationVoucher) throws(DocumentError) -> [UInt8] {
    try self.renderer.pdf(of: voucher.document(), createdAt: voucher.registeredAt)
  }

  /// The voucher as a picture.
  func png(of voucher: RegistrationVoucher) throws(DocumentError) -> [UInt8] {
    try self.renderer.png(of: voucher.document())
  }

  /// The permit's face as a picture.
  func png(of face: PermitFace) throws(DocumentError) -> [UInt8] {
    try self.renderer.png(of: face.document(), dotsPerInch: PermitFace.dotsPerInch)
  }
}
