/// What a stranger has been given of a certificate: files, as they are.
public struct Evidence: Hashable, Sendable {
  /// The canonical document.
  public var document: [UInt8]
  /// SM2 with SM3 over the document, DER.
  public var signature: [UInt8]
  /// An `InclusionProof`'s file.
  public var proof: [UInt8]?
  /// A `SignedTreeHead`'s file.
  public var head: [UInt8]?
  /// A `SignedSnapshot`'s file.
  public var snapshot: [UInt8]?

  /// A document and its signature; what else there is, is set after.
  public init(document: [UInt8], signature: [UInt8]) {
    self.document = document
    self.signature = signature
  }
}
