import Storage

/// A permit made and signed outside of the transaction that may save it.
struct PreparedPermit: Hashable, Sendable {
  let permit: Permit
  let signed: SignedDocument
  /// The public key that verifies the signature, PEM.
  let publicKeyPEM: String
  /// The text to the holder; nil where he was told already.
  let message: OutboxMessage?
}
