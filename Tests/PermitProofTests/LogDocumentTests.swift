import DomainModel
import PermitProof
import TestSupport
import Testing

@Suite struct LogDocumentTests {
  private static let zeros = [UInt8](repeating: 0, count: 32)

  private static func record(office: String? = "330106000000") throws -> LogRecord {
    LogRecord(
      LogRecord.Subject(kind: "permit", id: "01JX", version: 2), action: "endorse_permit",
      at: SampleRegistry.now, actor: LogRecord.Actor(kind: "officer", office: office),
      certificateIdentifier: CertificateIdentifier(
        type: "11330000000000000X001", issuer: "11330106002500000A", serial: "1", version: 1),
      digests: LogRecord.Digests(
        standing: Self.zeros, historyRow: Self.zeros, document: Self.zeros, holder: Self.zeros))
  }

  @Test func `a record of the first edition is read as it is, and none is made of the other`()
    throws
  {
    let first = LogRecord(
      LogRecord.Subject(kind: "permit", id: "01JX", version: 2), action: "endorse_permit",
      at: SampleRegistry.now, actor: LogRecord.Actor(kind: "officer"),
      digests: LogRecord.Digests(standing: Self.zeros, historyRow: Self.zeros))
    let text = String(decoding: first.canonicalBytes, as: UTF8.self)
    #expect(text.contains(#""format":"anju-log-record/1""#) && !text.contains("holder"))
    #expect(try LogRecord(canonicalBytes: first.canonicalBytes) == first)
    let second = Array(text.replacing("record/1", with: "record/2").utf8)
    #expect(throws: FormDefect.fieldWrong("holder_digest")) {
      try LogRecord(canonicalBytes: second)
    }
    let both = String(decoding: try Self.record().canonicalBytes, as: UTF8.self)
      .replacing("record/2", with: "record/1")
    #expect(throws: FormDefect.fieldWrong("(unknown)")) {
      try LogRecord(canonicalBytes: Array(both.utf8))
    }
  }

  @Test func `a record has one spelling, and is read`() throws {
    let record = try Self.record()
    let zeros = String(repeating: "0", count: 64)
    let identifier = record.certificateIdentifier?.text ?? ""
    let expected =
      #"{"action":"endorse_permit","actor_kind":"officer","actor_office":"330106000000","#
      + #""at_ms":1773108000000,"certificate_identifier":"\#(identifier)","#
      + #""document_digest":"\#(zeros)","entity_id":"01JX","entity_kind":"permit","#
      + #""entity_version":2,"format":"anju-log-record/2","history_digest":"\#(zeros)","#
      + #""holder_digest":"\#(zeros)","standing_digest":"\#(zeros)"}"#
    #expect(String(decoding: record.canonicalBytes, as: UTF8.self) == expected)
    #expect(try LogRecord(canonicalBytes: record.canonicalBytes) == record)
    let bare = LogRecord(
      LogRecord.Subject(kind: "registration", id: "r", version: 1), action: "end",
      at: SampleRegistry.now, actor: LogRecord.Actor(kind: "timer"),
      digests: LogRecord.Digests(standing: Self.zeros, historyRow: Self.zeros))
    #expect(try LogRecord(canonicalBytes: bare.canonicalBytes) == bare)
    #expect(!String(decoding: bare.canonicalBytes, as: UTF8.self).contains("null"))
  }

  @Test func `the longest record keeps its bound`() throws {
    let word = String(repeating: "w", count: 64)
    let record = LogRecord(
      LogRecord.Subject(kind: word, id: word, version: LogRecord.versionMax), action: word,
      at: Timestamp(milliseconds: CanonicalJSON.integerMax),
      actor: LogRecord.Actor(kind: word, office: "330106000000"),
      certificateIdentifier: CertificateIdentifier(
        type: "11330000000000000X001", issuer: "11330106002500000A",
        serial: String(repeating: "Z", count: 32), version: 999),
      digests: LogRecord.Digests(
        standing: Self.zeros, historyRow: Self.zeros, document: Self.zeros, holder: Self.zeros))
    #expect(record.canonicalBytes.count <= LogRecord.bytesMax)
    #expect(try LogRecord(canonicalBytes: record.canonicalBytes) == record)
  }

  @Test(arguments: [
    ("\"entity_version\":2", "\"entity_version\":0", "entity_version"),
    ("\"permit\"", "\"王建国\"", "entity_kind"), ("\"officer\"", "\"\"", "actor_kind"),
    ("330106000000", "33010600000", "actor_office"), ("\"01JX\"", "\"\"", "entity_id"),
    ("\"at_ms\":", "\"at_ms\":-", "at_ms"), ("endorse_permit", "endorse permit", "action"),
    ("\"entity_id\":", "\"e\":1,\"entity_id\":", "(unknown)"),
    ("\"history_digest\":\"00", "\"history_digest\":\"", "history_digest"),
  ])
  func `a record that says anything else is refused`(
    _ old: String, _ new: String, _ field: String
  ) throws {
    let text = String(decoding: try Self.record().canonicalBytes, as: UTF8.self)
    let changed = Array(text.replacing(old, with: new, maxReplacements: 1).utf8)
    #expect(changed != Array(text.utf8))
    #expect(throws: FormDefect.fieldWrong(field)) { try LogRecord(canonicalBytes: changed) }
  }

  @Test func `heads and proofs are read as they were written`() throws {
    let registry = try SampleRegistry()
    let issued = try (0..<9).map { try registry.issue($0) }
    let head = try registry.head()
    #expect(try SignedTreeHead(canonicalBytes: head.canonicalBytes) == head)
    #expect(try TreeHead(canonicalBytes: head.head.canonicalBytes) == head.head)
    for permit in issued {
      let proof = try registry.proof(of: permit)
      #expect(try InclusionProof(canonicalBytes: proof.canonicalBytes) == proof)
      try proof.verify(against: head.head)
    }
  }

  @Test func `heads and proofs keep their bounds at the greatest size`() throws {
    let size = TreeSize.leavesMax
    let hash = TreeHash.empty
    let head = TreeHead(
      logID: String(repeating: "l", count: 64), size: size, root: hash,
      at: Timestamp(milliseconds: CanonicalJSON.integerMax),
      keyID: String(repeating: "k", count: 64))
    #expect(head.canonicalBytes.count <= TreeHead.bytesMax)
    let signed = SignedTreeHead(head, signature: [UInt8](repeating: 255, count: 72))
    #expect(signed.canonicalBytes.count <= SignedTreeHead.bytesMax)
    #expect(try SignedTreeHead(canonicalBytes: signed.canonicalBytes) == signed)
    let path = InclusionPath(
      index: size - 1, size: size,
      hashes: [TreeHash](repeating: hash, count: TreeSize.pathMax))
    let proof = InclusionProof(
      try Self.record(), salt: LeafSalt(random: SeededRandom()), path: path)
    #expect(proof.canonicalBytes.count <= InclusionProof.bytesMax)
    #expect(try InclusionProof(canonicalBytes: proof.canonicalBytes) == proof)
  }

  @Test func `digests of the same bytes differ by kind and salt`() throws {
    let salts = [LeafSalt(random: SeededRandom(seed: 1)), LeafSalt(random: SeededRandom(seed: 2))]
    let digests = salts.flatMap { salt in
      [
        RecordDigest.standing([1], salt: salt), RecordDigest.historyRow([1], salt: salt),
        RecordDigest.document([1], salt: salt), TreeHash.leaf([1], salt: salt).bytes,
      ]
    }
    #expect(Set(digests).count == digests.count)
  }
}
