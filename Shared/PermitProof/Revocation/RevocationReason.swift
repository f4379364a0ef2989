public import DomainModel

/// Why a certificate is not to be accepted though it is genuine.
public enum RevocationReason: UInt8, Hashable, Sendable, CaseIterable {
  /// The permit was cancelled.
  case cancelled = 1
  /// Another certificate took its place: endorsed, corrected, converted.
  case superseded = 2
  /// The permit was reported lost.
  case lost = 3
  /// 使用功能中止: the permit is suspended, and can be restored.
  case suspended = 4
}

/// A certificate and why it is not to be accepted.
public struct Revocation: Hashable, Sendable {
  /// Which certificate.
  public let identifier: CertificateIdentifier
  /// Why.
  public let reason: RevocationReason

  /// A revocation.
  public init(_ identifier: CertificateIdentifier, _ reason: RevocationReason) {
    self.identifier = identifier
    self.reason = reason
  }
}
