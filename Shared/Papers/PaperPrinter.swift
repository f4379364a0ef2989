public import Documents
public import DomainModel

/// Papers as bytes. It takes milliseconds, so a caller runs it on the press's pool, never on an
/// event loop or a writer. The same paper gives the same bytes.
public struct PaperPrinter: Sendable {
  private let renderer: DocumentRenderer

  /// A printer over opened fonts.
  public init(_ renderer: DocumentRenderer) {
    self.renderer = renderer
  }

  /// A document as PDF, dated to an instant.
  public func pdf(
    of document: Document, createdAt instant: Timestamp
  ) throws(DocumentError) -> [UInt8] {
    try self.renderer.pdf(of: document, createdAt: instant)
  }

  /// A document as a picture.
  public func png(
    of document: Document, dotsPerInch: Double = 200
  ) throws(DocumentError) -> [UInt8] {
    try self.renderer.png(of: document, dotsPerInch: dotsPerInch)
  }
}
