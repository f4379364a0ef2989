import DomainModel
import Storage
import TestSupport
import Testing
import Wire

@testable import IntakeCore

/// What integrators send and fetch, on both engines.
struct PartnerEnginesTests {
  @Test(arguments: TestEngine.all)
  func `rows, opinions and files are kept alike`(_ engine: TestEngine) async throws {
    try await engine.withStore(FakeClock()) { store in
      let world = try await World(over: store)
      let draft = try await world.readyDraft()
      let rows =
        (0..<40).map { SubmitBatchTests.lead("row-\($0)", number: SubmitBatchTests.person($0 / 2)) }
        + [BatchSubmissionTests.prepared(world, draft)]
      let results = try await SubmitBatchTests.submit(world, rows)
      #expect(results.map(\.rowKey) == rows.map(\.rowKey))
      #expect(results.filter(\.reminded).count == 20)
      #expect(results.last?.outcome == .submitted, "\(String(describing: results.last))")
      #expect(try await SubmitBatchTests.submit(world, rows) == results)
      #expect(try await SubmitBatchTests.count(world, "lead") == 40)

      let id = draft.applicationID
      let opinion = RenderDocumentTests.opinion(.accept, "police1", .refuse)
      try await world.record(
        .notAccepted(.init(reasons: RecordProgressTests.reasons)), sequence: 1, of: id,
        opinions: [opinion])
      let archive = try await ExportCaseFileTests.archive(world, id)
      let listed = try ExternalTool.run("tar", "-tf", "case.tar", files: ["case.tar": archive])
      #expect(listed.text.contains("non-acceptance.pdf"))
      let form = try await RenderDocumentTests.letters(world, .applicationForm, of: id)
      #expect(form.contains("受理人意见：不同意") && form.contains("警号：police1"))

      let leads = IntakeStore(
        world.store, sealer: world.seals.sealer, index: world.seals.blindIndex,
        formats: IntakeStore.Formats(readForm: { _ in FormInput() }, record: { _ in [] }),
        officesBelow: { [$0] })
      let later = world.clock.now().adding(milliseconds: 1)
      #expect(try await leads.expireLeads(reportedBefore: later) == 40)
    }
  }
}
