public import DomainModel

/// Judges certificates by what is handed in, and nothing else: no network, no clock, no server. Any
/// bytes get a verdict.
public struct Verifier: Sendable {
  /// How far the clock of whoever asks may be behind the registry's, in milliseconds.
  public static let clockSkewMs: Int64 = 600_000

  let keys: SigningKeyRing

  /// A verifier that trusts these keys.
  public init(trusting keys: SigningKeyRing) {
    self.keys = keys
  }

  /// What can be said of a permit's document as of an instant. Each piece of evidence that is there
  /// is judged, also where another is bad: all reasons are told.
  public func verify(_ evidence: Evidence, asOf instant: Timestamp) -> Verification {
    var reasons: Set<ProofReason> = []
    let document = reasons.noting { () throws(ProofReason) in
      try self.document(evidence.document, signature: evidence.signature)
    }
    let head = evidence.head.flatMap { bytes in
      reasons.noting { () throws(ProofReason) in try self.head(bytes) }
    }
    if let proof = evidence.proof {
      let genuine = document == nil ? nil : evidence.document
      self.check(proof, of: genuine, against: head, &reasons)
      if evidence.head == nil { reasons.insert(.headMissing) }
    }
    if let document {
      let term = document.term
      self.check(
        term.validFromOn...term.validToOn, signedAt: document.signing.at, asOf: instant, &reasons)
    }
    let look = SnapshotLook(
      identifier: document?.naming.identifier, logID: head?.logID, instant: instant)
    self.check(evidence.snapshot, look, &reasons)
    return Verification(reasons, asOf: instant, document: document)
  }

  /// What can be said of a QR code's text as of an instant, with a snapshot's file if there is one.
  public func verify(
    code text: String, snapshot: [UInt8]? = nil, asOf instant: Timestamp
  ) -> Verification {
    var reasons: Set<ProofReason> = []
    let code = reasons.noting { () throws(ProofReason) in try self.code(text) }
    if let code {
      let face = code.face
      let last = max(face.issuedOn, face.validToOn)
      self.check(face.issuedOn...last, signedAt: code.madeAt, asOf: instant, &reasons)
      if instant >= code.expiresAt { reasons.insert(.codeExpired) }
      if let day = face.suspendedFromOn, CivilDate(of: instant) >= day {
        reasons.insert(.suspended)
      }
    }
    let look = SnapshotLook(identifier: code?.face.identifier, logID: nil, instant: instant)
    self.check(snapshot, look, &reasons)
    return Verification(reasons, asOf: instant, code: code)
  }

  private func check(
    _ term: ClosedRange<CivilDate>, signedAt: Timestamp, asOf instant: Timestamp,
    _ reasons: inout Set<ProofReason>
  ) {
    let today = CivilDate(of: instant)
    if today > term.upperBound { reasons.insert(.expired) }
    if today < term.lowerBound { reasons.insert(.termNotBegun) }
    if instant.isMoreThanSkewBefore(signedAt) { reasons.insert(.notYetSigned) }
  }
}

extension Timestamp {
  /// Whether an instant lies before another, however far two clocks may be apart.
  func isMoreThanSkewBefore(_ other: Timestamp) -> Bool {
    let (later, overflow) = self.milliseconds.addingReportingOverflow(Verifier.clockSkewMs)
    return !overflow && later < other.milliseconds
  }
}

extension Set<ProofReason> {
  /// What `body` gives; nil where it throws a reason, which is noted.
  mutating func noting<Value>(_ body: () throws(ProofReason) -> Value) -> Value? {
    do throws(ProofReason) {
      return try body()
    } catch {
      self.insert(error)
      return nil
    }
  }
}
