import Crypto
import DomainModel
import RPC
import Storage
import TestSupport
import Testing
import Wire

@testable import IntakeCore

struct ExportCaseFileTests {
  static func archive(
    _ world: World, _ id: String, by caller: Caller = World.integrator
  ) async throws -> [UInt8] {
    try await world.intake.exportCaseFile(
      .init(applicationID: id), options: world.options(caller)
    ) { stream in
      var bytes: [UInt8] = []
      for try await answer in stream {
        #expect((1...IntakeHandlers.exportChunkBytes).contains(answer.chunk.count))
        bytes += answer.chunk
      }
      return bytes
    }
  }

  /// One application that was not accepted, after a notice.
  static func ended(_ world: World) async throws -> String {
    let id = try await world.submitted().applicationID
    try await world.record(SupplementApplicationTests.notice(1), sequence: 1, of: id)
    try await world.record(
      .notAccepted(
        .init(
          decidedAtMs: world.clock.now().milliseconds, reasons: RecordProgressTests.reasons,
          reconsiderationAuthority: "西湖区人民政府", court: "西湖区人民法院")), sequence: 2, of: id,
      opinions: [RenderDocumentTests.opinion(.accept, "police1", .refuse)])
    return id
  }

  @Test func `the archive is one that tar opens, and its manifest is right`() async throws {
    let world = try await World()
    let id = try await Self.ended(world)
    let bytes = try await Self.archive(world, id)
    let listed = try ExternalTool.run("tar", "-tf", "case.tar", files: ["case.tar": bytes])
    let names = listed.text.split(separator: "\n").map(String.init)
    #expect(
      names == [
        "manifest.tsv", "record.tsv", "form.bin", "history.tsv", "deliveries.tsv", "form.pdf",
        "receipt.pdf", "notice-1.pdf", "non-acceptance.pdf",
      ])
    func file(_ name: String) throws -> [UInt8] {
      let run = try ExternalTool.run(
        "tar", "-xf", "case.tar", name, files: ["case.tar": bytes])
      return run.files[name] ?? []
    }
    let manifest = String(decoding: try file("manifest.tsv"), as: UTF8.self)
    for name in names.dropFirst() {
      let content = try file(name)
      let line = [
        name, String(content.count), Hex.encode(try DigestAlgorithm.sha256.digest(content)),
        Hex.encode(try DigestAlgorithm.sm3.digest(content)),
      ].joined(separator: "\t")
      #expect(manifest.contains(line + "\n"), "\(name)")
    }
    let record = String(decoding: try file("record.tsv"), as: UTF8.self)
    for text in [
      "state\tnot_accepted\n", "notice\t1 ", "opinion\taccept refuse police1 330106500000 ",
      "refusal_reason\t", "court\t西湖区人民法院\n", "material\tid_card image/jpeg ",
    ] {
      #expect(record.contains(text), "\(text)")
    }
    let form = try file("form.bin")
    #expect(record.contains("form_sha256\t\(Hex.encode(try DigestAlgorithm.sha256.digest(form)))"))
    #expect(try ModelV1.ApplicationForm(wireBytes: form).applicant?.citizenID == adultNumber)
    let history = String(decoding: try file("history.tsv"), as: UTF8.self)
    #expect(history.contains("\tsubmitted\t") && history.contains("\tnot_accepted\t"))
  }

  @Test func `the same file gives the same bytes on another day`() async throws {
    let world = try await World()
    let id = try await Self.ended(world)
    let first = try await Self.archive(world, id)
    world.clock.advance(milliseconds: 86_400_000)
    #expect(try await Self.archive(world, id) == first)
  }

  @Test func `one that has not ended has no file, and another's is not there`() async throws {
    let world = try await World()
    let id = try await world.submitted().applicationID
    let error = try await refusal { _ = try await Self.archive(world, id) }
    #expect(error.reason == "APPLICATION_WRONG_STATE")
    let stranger = Caller(kind: .integrator, id: "anotherapp")
    let hidden = try await refusal { _ = try await Self.archive(world, id, by: stranger) }
    #expect(hidden.reason == "APPLICATION_NOT_FOUND")
  }

  @Test(arguments: [
    "UPDATE application SET court = 'x'", "UPDATE application_opinion SET officer_id = 'x'",
    "UPDATE material SET size_bytes = size_bytes + 1",
    "UPDATE application_reason SET code = 'x'",
  ])
  func `what was changed behind the service's back is not handed out as the file`(
    statement: String
  ) async throws {
    let world = try await World()
    let id = try await Self.ended(world)
    try await world.store.write { transaction in
      try transaction.execute(SQL(stringLiteral: statement))
    }
    let error = try await refusal { _ = try await Self.archive(world, id) }
    #expect(error.code == .dataLoss && error.reason == "CASE_FILE_DAMAGED")
  }
}
