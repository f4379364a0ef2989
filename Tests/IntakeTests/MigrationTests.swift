import DomainModel
import RPC
import Storage
import TestSupport
import Testing
import Wire

@testable import IntakeCore

struct MigrationTests {
  static let migrations = IntakeAssembly.migrations

  /// An application that waits for its supplement, with all that ever stands beside one.
  private static func filled() async throws -> (World, IntakeV1.Application, EarlierData) {
    let world = try await World()
    let id = try await world.submitted().applicationID
    try await world.record(SupplementApplicationTests.notice(1), sequence: 1, of: id)
    // And a draft with an upload under way, of which no byte is there.
    _ = try await world.stream(world.header(Files.pdf, to: world.draft()))
    try await Self.fillBatch(world)
    #expect(try await RecordDeliveryTests.record(world, RecordDeliveryTests.request(of: id)))
    let application = try await world.get(id)
    return (world, application, try await EarlierData(of: world.store, Self.migrations))
  }

  /// What came in a batch: a lead, and another person's application, which has ended since.
  private static func fillBatch(_ world: World) async throws {
    var form = ModelV1.ApplicationForm.adult
    form.applicant?.citizenID = citizenNumber(born: "1985-03-04", sequence: 33)
    let draft = try await world.readyDraft(form)
    let number = form.applicant?.citizenID ?? ""
    let rows = [
      SubmitBatchTests.lead("lead"), BatchSubmissionTests.prepared(world, draft, number: number),
    ]
    let results = try await SubmitBatchTests.submit(world, rows)
    #expect(results.map(\.outcome) == [.kept, .submitted], "\(results)")
    try await world.record(
      .notAccepted(.init(reasons: RecordProgressTests.reasons)), sequence: 1,
      of: draft.applicationID, opinions: [RenderDocumentTests.opinion(.accept, "police1", .refuse)])
  }

  @Test func `the data of this test fill every table`() async throws {
    let (_, _, data) = try await Self.filled()
    #expect(data.emptyTables == [])
  }

  @Test func `whatever a data key has sealed is found when the key is to go`() async throws {
    let (world, _, _) = try await Self.filled()
    let left = try await SealWalk.placesLeft(
      of: world.seals.dataKey, in: world.store, IntakeAssembly.sealedTables)
    #expect(left == [])
  }

  @Test(arguments: TestEngine.all, EarlierData.versions(of: Self.migrations))
  func `what an earlier version holds is all there, and its application goes on`(
    _ engine: TestEngine, _ version: Int
  ) async throws {
    let (world, application, data) = try await Self.filled()
    try await engine.withStore(world.clock) { store in
      let rows = try await data.write(
        to: store, on: engine, version: version, now: world.clock.now())
      #expect(rows > 15)
      let again = try await World(again: world, over: store)
      #expect(try await data.lost(in: store, since: version) == [])
      let found = try await again.get(application.applicationID)
      #expect(Self.known(found, at: version) == Self.known(application, at: version))
      world.clock.advance(milliseconds: 60_000)
      try await again.upload(.photo, to: application)
      let next = try await SupplementApplicationTests.supplement(again, application.applicationID)
      #expect(next.state == .submitted)
      #expect(next.version == application.version + 2)
      let another = try await again.draft()
      #expect(another.applicationID != application.applicationID)
      try await again.deliver()
      let resumed: [ApprovalV1.ResumeClockRequest] = try world.approval.requests(
        to: ApprovalV1.ApprovalServiceMethods.resumeClock)
      #expect(resumed.map(\.applicationID) == [application.applicationID])
    }
  }

  /// From which version on a finding says what it rests on.
  private static let findingsSince = 5

  /// The application as a version of the schema knows it.
  private static func known(
    _ application: IntakeV1.Application, at version: Int
  ) -> IntakeV1.Application {
    guard version < Self.findingsSince else { return application }
    var known = application
    for index in known.findings.indices {
      known.findings[index].facts = []
      known.findings[index].article = ""
    }
    return known
  }

  @Test(arguments: TestEngine.all)
  func `a draft of an older release counts as touched when its state was reached`(
    _ engine: TestEngine
  ) async throws {
    let clock = FakeClock()
    try await engine.withStore(clock) { store in
      try await Migrator([IntakeMigrations.all[0]]).migrate(store, now: clock.now())
      try await store.write { transaction in
        try transaction.execute(
          """
          INSERT INTO application (application_id, owner, kind, channel, policy_version, created_at,
            version, state, changed_at, progress_sequence)
          VALUES ('old', 'integrator:app', 'first_permit', 1, 'zhejiang-1', 5, 1, 'draft', 7, 0)
          """)
      }
      try await Migrator(IntakeMigrations.all).migrate(store, now: clock.now())
      let touched = try await store.read { snapshot in
        try snapshot.row("SELECT updated_at FROM application WHERE application_id = 'old'")?
          .int64("updated_at")
      }
      #expect(touched == 7)
    }
  }
}
