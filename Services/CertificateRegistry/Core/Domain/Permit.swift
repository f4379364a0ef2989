import DomainModel

/// A permit: the facts that are stored. Its state is derived from them.
struct Permit: Hashable, Sendable {
  let id: ID<Permit>
  /// 电子证照标识
  let certificateIdentifier: String
  let term: PermitTerm
  /// 签发机关: the county-level bureau, 12 digits (Decree 663, Art. 10).
  let bureauCode: String
  let applicationID: String
  let caseID: String
  /// Which key signed the document.
  let keyID: String
  let issuedAt: Timestamp
}

/// The signed document of a permit.
struct SignedDocument: Hashable, Sendable {
  /// The canonical bytes; see PermitProof's `PermitDocument`.
  let document: [UInt8]
  /// SM2 with SM3 over them, DER.
  let signature: [UInt8]
}
