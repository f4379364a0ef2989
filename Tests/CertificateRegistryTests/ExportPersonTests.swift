import Crypto
import DomainModel
import PermitProof
import RPC
import Storage
import TestSupport
import Testing
import Wire

@testable import CertificateRegistryCore

struct ExportPersonTests {
  /// Tables of which an export of everybody need not have every row, and why.
  private static let others: [String: String] = [
    "schema": "the schema's own", "schema_step": "the schema's own", "seal_check": "the keys' own",
    "log_node": "hashes over everybody's leaves", "log_head": "the log's own",
    "log_sequencer": "the log's own", "feed_sink": "a platform's own",
    "inbox": "a row is its caller's, and told only to him",
    "feed_provision": "a row is of many leaves, and told once for each",
    "signing_key": "the registry's own, told beside what it signed",
  ]

  private static func tables(_ registry: RegistryFixture) async throws -> [String] {
    try await registry.store.read { snapshot in
      try snapshot.rows(
        """
        SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'
        """
      ).map { try $0.text("name") }
    }
  }

  private static func rows(_ registry: RegistryFixture, _ table: String) async throws -> [Row] {
    try await registry.store.read {
      try $0.rows(SQL(stringLiteral: "SELECT * FROM \"\(table)\""))
    }
  }

  /// The exports of everybody there is in a filled registry, each as the person himself gets it.
  private static func everybody(_ registry: RegistryFixture) async throws -> [ReadExport] {
    let now = registry.clock.now()
    return [
      try await registry.export(),
      try await registry.export(.init(), .holder(3, faceAt: now)),
    ]
  }

  @Test func `every row of every table is in the export of whose it is, and in no other`()
    async throws
  {
    let (registry, _) = try await RegistryFixture.filled()
    let exports = try await Self.everybody(registry)
    let tables = try await Self.tables(registry)
    #expect(Set(Self.others.keys).isSubset(of: tables))
    for table in tables where Self.others[table] == nil {
      let rows = try await Self.rows(registry, table)
      let lines = exports.flatMap { $0.of(table) }
      // A table that somebody adds is a person's or stands among the others.
      #expect(!rows.isEmpty && lines.count == rows.count, "\(table)")
      for column in rows.first?.columns.names ?? [] {
        let isUsed = try rows.contains { try $0.value(column) != .null }
        let isTold = lines.contains { $0.kept[column] != nil || $0.withheld.contains(column) }
        #expect(!isUsed || isTold, "\(table).\(column)")
      }
    }
    let own = try await Self.rows(registry, "inbox").filter {
      try $0.text("scope").hasPrefix("applicant:person-1 ")
    }
    #expect(own.count == 2 && exports[0].of("inbox").count == 2)
    #expect(exports[1].of("inbox").isEmpty)
    #expect(!exports[0].of("feed_provision").isEmpty && !exports[0].of("signing_key").isEmpty)
  }

  @Test(arguments: TestEngine.all)
  func `what is sealed is told, and no secret of the registry's`(
    _ engine: TestEngine
  ) async throws {
    let first = try await RegistryFixture()
    try await engine.withStore(first.clock) { store in
      let registry = try await RegistryFixture(again: first, over: store)
      let permit = try await registry.fill()
      let export = try await registry.export()
      for text in [
        CitizenIDs.woman(1), CitizenIDs.woman(7), "阿依·𬎆", "13800138000", "测试店",
        "测试路1号2幢301室", "测试镇8号", "李四", "人口管理部门",
      ] {
        #expect(export.text.contains(text), "\(text)")
      }
      // Of whoever fetched the slip no more than its paper said.
      #expect(!export.text.contains(CitizenIDs.woman(8)))
      for secret in try await registry.secrets() {
        let isTold = export.text.contains(Hex.encode(secret))
        let isSignature = try await Self.isSignature(registry, secret)
        #expect(!isTold || isSignature)
      }
      let document = try #require(export.of("permit").first).text("document")
      #expect(Array(document.utf8) == permit.document)
      #expect(export.of("past_certificate").count == 2)
      let versions = export.of("history").filter { $0.text("entity") == permit.permitID }
      #expect(versions.map { $0.number("version") } == [1, 2, 3, 4])
      #expect(versions.allSatisfy { ($0.kept["record"] as? [String: Any])?["valid_to_on"] != nil })
      let told = export.of("feed_provision").first { $0.number("leaf_index") == 1 }
      #expect(told?.text("receiver") == "data-platform")
    }
  }

  private static func isSignature(
    _ registry: RegistryFixture, _ bytes: [UInt8]
  ) async throws -> Bool {
    try await registry.store.read {
      try $0.exists("SELECT 1 FROM permit WHERE signature = \(bytes)")
    }
  }

  @Test func `its leaves are proved by what it says, and the whole by its manifest`() async throws {
    let (registry, _) = try await RegistryFixture.filled()
    let export = try await registry.export()
    let head = try TreeHead(canonicalBytes: Array("\(export.header["head"] ?? "")".utf8))
    #expect(head.size == 6)
    #expect(export.header["format"] as? String == "anju-person-export/1")
    let entries = export.of("log_entry")
    #expect(entries.count == 5)
    for entry in entries {
      let bytes = try #require(Hex.decode(entry.text("salt")))
      let salt = try #require(LeafSalt(bytes))
      let record = try LogRecord(canonicalBytes: Array(entry.text("record").utf8))
      #expect(Hex.encode(record.leaf(salt: salt).bytes) == entry.text("leaf_hash"))
      let proof = try await registry.client.getInclusionProof(
        .init(leaf: .leafIndex(Int64(entry.number("leaf_index")))), options: registry.holder)
      #expect(Hex.encode(proof.leafHash) == entry.text("leaf_hash"))
    }
    let manifest = try #require(export.manifest)
    #expect(try DigestAlgorithm.sha256.digest(export.data) == manifest.sha256)
    #expect(Int(manifest.sizeBytes) == export.data.count)
    #expect(Int(manifest.lineCount) == export.lines.count + 1)
    let key = try SM2PublicKey(pem: manifest.publicKeyPem)
    #expect(try key.verify(manifest.signature, of: manifest.manifest))
    let said = String(decoding: manifest.manifest, as: UTF8.self)
    #expect(said.contains(Hex.encode(manifest.sha256)))
  }

  @Test func `that it was made is kept, and told the next time`() async throws {
    let (registry, _) = try await RegistryFixture.filled()
    _ = try await registry.export()
    _ = try await registry.export(
      .init(citizenID: CitizenIDs.woman(1), reference: "个保-2027-1"),
      .dataProtection("330106000000"))
    let looks = try await registry.export().of("provision")
    // The verifier who redeemed the code, and three exports.
    #expect(looks.count == 4)
    let exports = looks.filter { $0.text("means") == "export" }
    #expect(exports.map { $0.text("verifier") }.sorted().last == "officer:dpo-330106000000")
    #expect(exports.filter { $0.text("verifier") == "applicant" }.count == 2)
    #expect(exports.map { $0.text("reference") }.contains("个保-2027-1"))
  }

  @Test func `that a court holds the permit is told, and not by which order`() async throws {
    let (registry, permit) = try await RegistryFixture.issued()
    try await registry.hold(permit)
    _ = try await registry.assembly.sequenceOnce()
    let export = try await registry.export()
    #expect(!export.text.contains(RegistryFixture.holdNumber))
    #expect(!export.text.contains("民事诉讼保全"))
    let row = try #require(export.of("permit").first)
    #expect(row.number("holds") == 1 && row.withheld == ["holds"])
    let lines = export.of("history")
    #expect(lines.map(\.withheld) == [[], ["detail"]])
    // What confirms a guess of the number is not told either.
    let entries = export.of("log_entry")
    #expect(entries.map(\.withheld) == [[], ["salt"]])
    #expect(entries.map { $0.text("record").isEmpty } == [false, false])
  }

  @Test func `much is sent in pieces, each of whole lines`() async throws {
    let (registry, permit) = try await RegistryFixture.issued()
    for number in 1...700 {
      _ = try await registry.look(
        .sample(.certificateIdentifier(permit.certificateIdentifier)),
        as: .verifier("housing-\(number)"))
    }
    let export = try await registry.export()
    #expect(export.of("provision").count == 701)
    #expect(export.pieces.count > 2 && export.pieces.allSatisfy { $0 <= 65_536 })
  }

  @Test func `only the person himself, who shows his face, and officers of data protection get it`()
    async throws
  {
    let (registry, _) = try await RegistryFixture.filled()
    let now = registry.clock.now()
    let own = RegistryV1.ExportPersonRequest()
    let named = RegistryV1.ExportPersonRequest(
      citizenID: CitizenIDs.woman(1), reference: "个保-2027-1")
    let office = "330106500000"
    let cases: [(RegistryV1.ExportPersonRequest, CallOptions, [String]?)] = [
      (own, .holder(1, faceAt: now, acting: .guardian), nil),
      (.init(citizenID: CitizenIDs.woman(1)), registry.holder, nil),
      (own, .holder(1, faceAt: nil), ["FACE_CHECK_NEEDED"]),
      (own, .holder(1, faceAt: now, acting: .relative), ["CALLER_NOT_ALLOWED"]),
      (own, .holder(9, faceAt: now), ["PERSON_NOT_FOUND"]),
      (.init(citizenID: CitizenIDs.woman(1)), .holder(9, faceAt: now), ["PERSON_NOT_FOUND"]),
      (.init(reference: "个保-1"), registry.holder, ["FIELD_NOT_WANTED"]),
      (named, .officer(office), ["CALLER_NOT_ALLOWED"]),
      (named, .auditor, ["CALLER_NOT_ALLOWED"]),
      (named, .dataProtection(office), nil),
      (named, .dataProtection("330106000000"), nil),
      (named, .dataProtection("330102500000"), ["OFFICER_WRONG_OFFICE"]),
      (
        .init(citizenID: CitizenIDs.woman(9), reference: "个保-2027-1"), .dataProtection(office),
        ["PERSON_NOT_FOUND"]
      ),
      (own, .dataProtection(office), ["FIELD_MISSING", "FIELD_MISSING"]),
    ]
    for (request, options, expected) in cases {
      let told = try await refusal { _ = try await registry.export(request, options) }
      #expect(told == expected, "\(request) \(options)")
    }
  }
}
