import DomainModel
import Storage

/// A certificate made and signed outside of the transaction that may save it.
struct SignedCertificate: Hashable, Sendable {
  let identifier: String
  let signed: SignedDocument
  /// Which key signed.
  let keyID: String
  /// The public key that verifies the signature, PEM.
  let publicKeyPEM: String

  var key: (id: String, publicKeyPEM: String) { (self.keyID, self.publicKeyPEM) }
}

/// A permit made outside of the transaction that may save it.
struct PreparedPermit: Hashable, Sendable {
  let permit: Permit
  let certificate: SignedCertificate
  /// The text to the holder, where he was not told already, and the reminders to come.
  let messages: [OutboxMessage]
}
