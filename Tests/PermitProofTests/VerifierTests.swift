import Crypto
import DomainModel
import Foundation
import PermitProof
import TestSupport
import Testing

/// A registry with three permits, and what a stranger makes of the second.
struct Stranger {
  let registry: SampleRegistry
  let issued: SampleRegistry.Issued
  var evidence: Evidence
  var ring: SigningKeyRing
  var instant = SampleRegistry.now

  init(revoked reason: RevocationReason? = nil) throws {
    self.registry = try SampleRegistry()
    _ = try self.registry.issue(0)
    self.issued = try self.registry.issue(1)
    _ = try self.registry.issue(2)
    let identifier = self.issued.document.naming.identifier
    let revocations = reason.map { [Revocation(identifier, $0)] }
    self.evidence = try self.registry.evidence(of: self.issued, revoked: revocations ?? [])
    self.ring = try self.registry.ring()
  }

  var verification: Verification {
    Verifier(trusting: self.ring).verify(self.evidence, asOf: self.instant)
  }
}

/// What is done to good evidence, and what the verifier says then.
struct EvidenceRow: CustomTestStringConvertible, Sendable {
  let testDescription: String
  let reasons: Set<ProofReason>
  let change: @Sendable (inout Stranger) throws -> Void

  init(
    _ name: String, _ reasons: Set<ProofReason>,
    _ change: @escaping @Sendable (inout Stranger) throws -> Void
  ) {
    self.testDescription = name
    self.reasons = reasons
    self.change = change
  }
}

@Suite struct VerifierTests {
  private static let day: Int64 = 86_400_000

  @Test func `good evidence is valid as of its instant`() throws {
    let stranger = try Stranger()
    let found = stranger.verification
    #expect(found.verdict == .valid)
    #expect(found.reasons.isEmpty)
    #expect(found.document == stranger.issued.document)
    #expect(found.asOf == SampleRegistry.now)
  }

  private static let documents = [
    EvidenceRow("cut", [.documentTruncated]) { $0.evidence.document.removeLast() },
    EvidenceRow("none", [.documentTruncated]) { $0.evidence.document = [] },
    EvidenceRow("longer", [.documentNotCanonical]) { $0.evidence.document.append(0x20) },
    EvidenceRow("too long", [.documentTooLong]) {
      $0.evidence.document += [UInt8](repeating: 0, count: PermitDocument.bytesMax)
    },
    EvidenceRow("another format", [.documentFormatUnknown]) {
      $0.evidence.document.alter("permit/2", "permit/3")
    },
    EvidenceRow("another type's name", [.documentFieldWrong]) {
      $0.evidence.document.alter("浙江省居住证", "浙江省居住本")
    },
    EvidenceRow("a later last day", [.signatureWrong]) {
      $0.evidence.document.alter("2027-03-10", "2029-03-10")
    },
    EvidenceRow("another's signature", [.signatureWrong]) {
      $0.evidence.signature = try $0.registry.issue(3).signature
    },
    EvidenceRow("no signature", [.signatureWrong]) { $0.evidence.signature = [] },
    EvidenceRow("signed by a stranger", [.signatureWrong]) {
      $0.evidence.signature = try SM2PrivateKey.generate().sign($0.evidence.document)
    },
    EvidenceRow("an unknown key", [.keyUnknown, .headKeyUnknown, .snapshotKeyUnknown]) {
      $0.ring = try SampleRegistry().ring()
    },
    EvidenceRow(
      "a key that began later", [.keyNotValidThen, .headKeyNotValidThen, .snapshotKeyNotValidThen]
    ) {
      $0.ring = try $0.registry.ring(from: $0.instant.adding(milliseconds: 1))
    },
    EvidenceRow(
      "a key that had ended", [.keyNotValidThen, .headKeyNotValidThen, .snapshotKeyNotValidThen]
    ) {
      $0.ring = try $0.registry.ring(to: $0.instant)
    },
    EvidenceRow("a key that ended after", []) {
      $0.ring = try $0.registry.ring(from: $0.instant, to: $0.instant.adding(milliseconds: 1))
    },
  ]

  private static let logs = [
    EvidenceRow("no log", []) {
      $0.evidence.proof = nil; $0.evidence.head = nil
    },
    EvidenceRow("no head", [.headMissing]) { $0.evidence.head = nil },
    EvidenceRow("no proof", []) { $0.evidence.proof = nil },
    EvidenceRow("proof cut", [.proofTruncated]) { $0.evidence.proof?.removeLast() },
    EvidenceRow("proof is none", [.proofMalformed]) { $0.evidence.proof = Array("{}".utf8) },
    EvidenceRow("another's proof", [.proofOfAnother]) {
      let other = try $0.registry.issue(3)
      $0.evidence.proof = try $0.registry.proof(of: other).canonicalBytes
      $0.evidence.head = try $0.registry.head().canonicalBytes
    },
    EvidenceRow("another's path", [.pathWrong]) {
      let path = try InclusionPath(of: 0, size: 3) { [nodes = $0.registry.nodes] in nodes[$0] }
      $0.evidence.proof =
        InclusionProof($0.issued.record, salt: $0.issued.salt, path: path).canonicalBytes
    },
    EvidenceRow("a head of another size", [.pathOfAnotherTree]) {
      _ = try $0.registry.issue(3)
      $0.evidence.head = try $0.registry.head().canonicalBytes
    },
    EvidenceRow("head cut", [.headTruncated]) { $0.evidence.head?.removeLast() },
    EvidenceRow("head is none", [.headMalformed]) { $0.evidence.head = $0.evidence.proof },
    EvidenceRow("head altered", [.headSignatureWrong]) {
      $0.evidence.head?.alter("\"size\":3", "\"size\":4")
    },
    EvidenceRow("another log's snapshot", [.snapshotOfAnotherLog]) {
      let head = try $0.registry.head().head
      let other = TreeHead(
        logID: "other", size: head.size, root: head.root, at: head.at, keyID: head.keyID)
      let signature = try $0.registry.key.sign(other.canonicalBytes)
      $0.evidence.head = SignedTreeHead(other, signature: signature).canonicalBytes
    },
  ]

  private static let snapshots = [
    EvidenceRow("no snapshot", [.snapshotMissing]) { $0.evidence.snapshot = nil },
    EvidenceRow("snapshot cut", [.snapshotTruncated]) { $0.evidence.snapshot?.removeLast() },
    EvidenceRow("snapshot is none", [.snapshotMalformed]) {
      $0.evidence.snapshot = $0.evidence.document
    },
    EvidenceRow("snapshot altered", [.snapshotSignatureWrong]) {
      $0.evidence.snapshot?[6] ^= 2
    },
    EvidenceRow("the snapshot's last instant", []) { $0.instant = Self.later(Self.day - 1) },
    EvidenceRow("past the next snapshot", [.snapshotTooOld]) { $0.instant = Self.later(Self.day) },
    EvidenceRow("a clock somewhat slow", []) { $0.instant = Self.later(-Verifier.clockSkewMs) },
    EvidenceRow("before all of it", [.snapshotTooNew, .notYetSigned]) {
      $0.instant = Self.later(-Verifier.clockSkewMs - 1)
    },
  ]

  private static let instants = [
    EvidenceRow("the day before the term", [.termNotBegun, .snapshotTooNew, .notYetSigned]) {
      $0.instant = Self.later(-Self.day)
    },
    EvidenceRow("the last moment of the term", [.snapshotTooOld]) {
      $0.instant = Self.lastDay.endOfDay.adding(milliseconds: -1)
    },
    EvidenceRow("the first moment after it", [.snapshotTooOld, .expired]) {
      $0.instant = Self.lastDay.endOfDay
    },
    EvidenceRow("the end of time", [.snapshotTooOld, .expired]) {
      $0.instant = Timestamp(milliseconds: .max)
    },
    EvidenceRow("its beginning", [.termNotBegun, .snapshotTooNew, .notYetSigned]) {
      $0.instant = Timestamp(milliseconds: .min)
    },
  ]

  private static let rows = Self.documents + Self.logs + Self.snapshots + Self.instants
  private static let lastDay = CivilDate(year: 2027, month: 3, day: 10) ?? .latest

  private static func later(_ ms: Int64) -> Timestamp {
    SampleRegistry.now.adding(milliseconds: ms)
  }

  @Test(arguments: Self.rows)
  func `each flaw is told by its own reason`(_ row: EvidenceRow) throws {
    var stranger = try Stranger()
    try row.change(&stranger)
    let found = stranger.verification
    #expect(Set(found.reasons) == row.reasons)
    #expect(found.verdict == row.reasons.map(\.verdict).min() ?? .valid)
  }

  @Test(arguments: [
    (RevocationReason.cancelled, ProofReason.cancelled, Verdict.revoked),
    (.superseded, .superseded, .revoked), (.lost, .lost, .revoked),
    (.suspended, .suspended, .suspended),
  ])
  func `a listed certificate is not accepted`(
    _ reason: RevocationReason, _ told: ProofReason, _ verdict: Verdict
  ) throws {
    var stranger = try Stranger(revoked: reason)
    #expect(stranger.verification.reasons == [told])
    #expect(stranger.verification.verdict == verdict)
    #expect(stranger.verification.isGenuine)
    // What may have ended since an old snapshot is not told by it.
    stranger.instant = Self.later(Self.day)
    let isForGood = verdict == .revoked && reason != .lost
    let old: Set<ProofReason> = isForGood ? [told, .snapshotTooOld] : [.snapshotTooOld]
    #expect(Set(stranger.verification.reasons) == old)
    #expect(stranger.verification.verdict == (isForGood ? .revoked : .cannotKnow))
  }

  @Test func `the README lists every reason with its verdict`() throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let readme = try String(
      contentsOf: root.appending(path: "Shared/PermitProof/README.md"), encoding: .utf8)
    for reason in ProofReason.allCases {
      let row = "| `\(reason.rawValue)` | `\(reason.verdict.rawValue)` | \(reason.english) |"
      #expect(readme.contains(row), "no row \(row)")
    }
  }

  @Test func `one thing by itself is genuine or says why not`() throws {
    let stranger = try Stranger()
    let verifier = Verifier(trusting: stranger.ring)
    let evidence = stranger.evidence
    let read = try verifier.document(evidence.document, signature: evidence.signature)
    #expect(read == stranger.issued.document)
    #expect(throws: ProofReason.signatureWrong) {
      try verifier.document(evidence.document, signature: [1])
    }
    let head = try #require(evidence.head)
    #expect(try verifier.head(head) == stranger.registry.head().head)
    #expect(throws: ProofReason.headTruncated) { try verifier.head(head.dropLast()) }
    let snapshot = try #require(evidence.snapshot)
    #expect(try verifier.snapshot(snapshot).count == 0)
    #expect(throws: ProofReason.snapshotTruncated) { try verifier.snapshot([]) }
    let code = try stranger.registry.code(of: stranger.issued)
    #expect(try verifier.code(code.text) == code.code)
    #expect(throws: ProofReason.codeNotACode) { try verifier.code("1") }
  }

  @Test func `every reason has its sentences and is told by some test`() throws {
    var told = Self.rows.reduce(into: Set<ProofReason>()) { $0.formUnion($1.reasons) }
    told.formUnion(CodeVerifierTests.rows.flatMap(\.reasons))
    told.formUnion([.cancelled, .superseded, .lost, .suspended])
    // libcrypto fails for want of memory only.
    #expect(Set(ProofReason.allCases).subtracting(told) == [.cannotCheck])
    for reason in ProofReason.allCases {
      #expect(reason.english.hasSuffix("."))
      #expect(reason.chinese.hasSuffix("。"))
    }
    #expect(Set(ProofReason.allCases.map(\.english)).count == ProofReason.allCases.count)
  }
}

/// What is done to a slip's code, and what the verifier says then.
struct CodeRow: CustomTestStringConvertible, Sendable {
  let testDescription: String
  let reasons: Set<ProofReason>
  let change: @Sendable (inout String, inout Timestamp) -> Void

  init(
    _ name: String, _ reasons: Set<ProofReason>,
    _ change: @escaping @Sendable (inout String, inout Timestamp) -> Void
  ) {
    self.testDescription = name
    self.reasons = reasons
    self.change = change
  }
}

@Suite struct CodeVerifierTests {
  static let rows = [
    CodeRow("as it is", []) { _, _ in },
    CodeRow("cut", [.codeTruncated]) { text, _ in text.removeLast() },
    CodeRow("altered", [.codeAltered]) { text, _ in text += "000" },
    CodeRow("too long", [.codeTooLong]) { text, _ in
      text += String(repeating: "0", count: OfflineCode.textCharactersMax)
    },
    CodeRow("another's", [.codeNotACode]) { text, _ in text = "HC1:6BF" },
    CodeRow("past its end", [.codeExpired, .snapshotTooOld]) { _, instant in
      instant = instant.adding(milliseconds: 86_400_000)
    },
    CodeRow("its last moment", []) { _, instant in
      instant = instant.adding(milliseconds: 86_400_000 - 1)
    },
    CodeRow("before it was made", [.notYetSigned, .snapshotTooNew]) { _, instant in
      instant = instant.adding(milliseconds: -Verifier.clockSkewMs - 1)
    },
    CodeRow("of a wrong field", [.codeFieldWrong]) { text, _ in text = "AJ1:" + Self.wrongField },
  ]

  /// The length, and check bytes that fit: SM3 of `AJ1:` and 00 06.
  private static let wrongField: String = {
    let check = (try? DigestAlgorithm.sm3.digest(Array("AJ1:".utf8) + [0, 6])) ?? []
    let bytes = [0, 6] + check.prefix(4)
    return base45(bytes)
  }()

  @Test(arguments: Self.rows)
  func `each flaw of a code is told by its own reason`(_ row: CodeRow) throws {
    let registry = try SampleRegistry()
    var text = try registry.code(of: try registry.issue()).text
    var instant = SampleRegistry.now
    row.change(&text, &instant)
    let verifier = Verifier(trusting: try registry.ring())
    let found = verifier.verify(code: text, snapshot: try registry.snapshot().bytes, asOf: instant)
    #expect(Set(found.reasons) == row.reasons)
    #expect(found.verdict == row.reasons.map(\.verdict).min() ?? .valid)
  }

  @Test func `a code of a suspended or cancelled permit says so`() throws {
    let registry = try SampleRegistry()
    let issued = try registry.issue()
    let verifier = Verifier(trusting: try registry.ring())
    let today = CivilDate(of: SampleRegistry.now)
    let good = try registry.snapshot().bytes
    let suspended = try registry.code(of: issued, suspendedFrom: today).text
    let found = verifier.verify(code: suspended, snapshot: good, asOf: SampleRegistry.now)
    #expect(found.reasons == [.suspended])
    let later = try registry.code(of: issued, suspendedFrom: today.adding(days: 1)).text
    #expect(
      verifier.verify(code: later, snapshot: good, asOf: SampleRegistry.now).verdict == .valid)
    let listed = Revocation(issued.document.naming.identifier, .cancelled)
    let cancelled = verifier.verify(
      code: try registry.code(of: issued).text,
      snapshot: try registry.snapshot(of: [listed]).bytes, asOf: SampleRegistry.now)
    #expect(cancelled.reasons == [.cancelled])
  }

  @Test func `a forged code is told from an altered one`() throws {
    let registry = try SampleRegistry()
    let code = try registry.code(of: try registry.issue()).code
    let verifier = Verifier(trusting: try registry.ring())
    let forged = SignedCode(code, signature: try SM2PrivateKey.generate().sign(code.signedBytes))
    let found = verifier.verify(code: forged.text, asOf: SampleRegistry.now)
    #expect(Set(found.reasons) == [.signatureWrong, .snapshotMissing])
    #expect(!found.isGenuine)
    let stranger = Verifier(trusting: try SampleRegistry().ring())
    let unknown = stranger.verify(code: forged.text, asOf: SampleRegistry.now)
    #expect(Set(unknown.reasons) == [.keyUnknown, .snapshotMissing])
  }
}

/// RFC 9285 once more, for codes that nobody would make.
private func base45(_ bytes: [UInt8]) -> String {
  let alphabet = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:")
  return stride(from: 0, to: bytes.count - 1, by: 2).map { start in
    let value = Int(bytes[start]) * 256 + Int(bytes[start + 1])
    return String([alphabet[value % 45], alphabet[value / 45 % 45], alphabet[value / 2025]])
  }.joined()
}

extension [UInt8] {
  /// Puts one text in another's place, once.
  fileprivate mutating func alter(_ old: String, _ new: String) {
    guard let range = self.firstRange(of: Array(old.utf8)) else { return }
    self.replaceSubrange(range, with: Array(new.utf8))
  }
}
