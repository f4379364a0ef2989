import DomainModel

/// What is looked for in a snapshot.
struct SnapshotLook: Hashable, Sendable {
  /// The certificate; nil where there is no genuine one.
  let identifier: CertificateIdentifier?
  /// The log that the evidence is of, where it says so.
  let logID: String?
  /// As of when.
  let instant: Timestamp
}

extension Verifier {
  /// Looks a certificate up in a snapshot's file.
  func check(_ bytes: [UInt8]?, _ look: SnapshotLook, _ reasons: inout Set<ProofReason>) {
    guard let bytes else {
      reasons.insert(.snapshotMissing)
      return
    }
    let read = reasons.noting { () throws(ProofReason) in try self.snapshot(bytes) }
    guard let snapshot = read else { return }
    if let logID = look.logID, logID != snapshot.head.logID {
      reasons.insert(.snapshotOfAnotherLog)
      return
    }
    let listed = look.identifier.flatMap { snapshot.reason(for: $0) }
    if look.instant.isMoreThanSkewBefore(snapshot.head.at) {
      reasons.insert(.snapshotTooNew)
    } else if look.instant < snapshot.head.nextUpdateAt {
      if let listed { reasons.insert(ProofReason(listed)) }
    } else {
      reasons.insert(.snapshotTooOld)
      // What was cancelled or superseded stays so; the others may have been restored since.
      if let listed, listed.isForGood { reasons.insert(ProofReason(listed)) }
    }
  }
}

extension RevocationReason {
  /// Whether it never ends: a reinstated permit gets another identifier.
  var isForGood: Bool { self == .cancelled || self == .superseded }
}

extension ProofReason {
  /// What a certificate that is listed is told as.
  init(_ reason: RevocationReason) {
    switch reason {
    case .cancelled: self = .cancelled
    case .superseded: self = .superseded
    case .lost: self = .lost
    case .suspended: self = .suspended
    }
  }
}
