import DomainModel
import RPC
import Storage
import TestSupport
import Testing
import Wire

@testable import ApprovalCore

struct MigrationTests {
  static let migrations = ApprovalAssembly.migrations

  /// A case that waits for its supplement, with all that ever stands beside one.
  private static func filled() async throws -> (Desk, ApprovalV1.Case, EarlierData) {
    let desk = try await Desk(policies: ExtendDeadlineTests.policies())
    try await Self.fillClocks(desk)
    try await Self.fillInspections(desk)
    let id = try await desk.open()
    try await desk.sign(id, .accept)
    try await desk.sign(id, .review, .supplement, ["PHOTO_UNFIT"])
    try await desk.recordDuty([("police-accept", ["accept"]), ("police-review", ["review"])])
    try await desk.recordAbsence("police-other", minutes: 60, by: Desk.stationHead)
    let data = try await EarlierData(of: desk.store, Self.migrations)
    return (desk, try await desk.read(id), data)
  }

  /// A third one, that ended in a permit which is inspected.
  private static func fillInspections(_ desk: Desk) async throws {
    let id = try await desk.open("application-9")
    for stage in [Stage.accept, .review, .approve] { try await desk.sign(id, stage) }
    try await desk.deliver()
    let inspection = try await desk.inspect(id).inspectionID
    try await desk.hear(inspection)
    try await desk.conclude(inspection, by: Desk.proposer)
    try await desk.conclude(inspection, by: Desk.decider)
    try await desk.deliver()
    try await desk.correct(inspection)
    try await desk.deliver()
  }

  @Test(arguments: TestEngine.all)
  func `an inspection that an earlier version decided reads as it was kept, and is recorded`(
    _ engine: TestEngine
  ) async throws {
    let (desk, _, data) = try await Self.filled()
    let method = ApprovalV1.ListInspectionsRequest(includeClosed: true)
    let found = try await desk.client.listInspections(method, options: .auditor).inspections
    var kept = try #require(found.first)
    #expect(kept.state == .cancelled && kept.decidedFindings == Desk.fraud.findings)
    #expect(kept.credit?.version == 2)
    kept.decidedFindings = ""
    kept.credit = nil
    let version = try #require(
      Self.migrations.firstIndex { $0.name == "both officers' findings are kept" })
    try await engine.withStore(desk.clock) { store in
      _ = try await data.write(to: store, on: engine, version: version, now: desk.clock.now())
      let again = try await Desk(again: desk, over: store)
      #expect(try await again.inspection(kept.inspectionID) == kept)
      // What was found then is recorded now, for what is left of its years.
      _ = try await again.assembly.catchUpCredits()
      try await again.deliver()
      let recorded = try #require(try await again.inspection(kept.inspectionID).credit)
      #expect(recorded.state == .recorded && recorded.deliveries.map(\.versionTaken) == [1, 1])
      #expect(recorded.keptUntilOn == "2031-03-12")
    }
  }

  /// Another case, with all that its clocks can leave. What an earlier version had no place for is
  /// not compared.
  private static func fillClocks(_ desk: Desk) async throws {
    let id = try await desk.open("application-0")
    desk.clock.set(nineOClock("2026-03-12"))
    _ = try await desk.assembly.fireTimers()
    try await desk.sign(id, .accept)
    try await desk.extend(id, days: 1)
    try await desk.placeHold(id)
    try await desk.releaseHold(id)
    try await desk.pause(id, .hearing, days: 1)
    try await desk.store.write { transaction in
      try transaction.execute(
        """
        INSERT INTO due_date_move (case_id, moved_at, term, from_on, to_on, calendar_version, rule)
        VALUES (\(id), 1, 'promise', '2026-03-13', '2026-03-14', '2026', '2026-03-13 off')
        """)
      try transaction.execute(
        """
        INSERT INTO parked_timer (case_id, due_at, failures, reason, retry_at)
        VALUES (\(id), 1, 1, 'PolicyMissing', \(Int64.max))
        """)
    }
  }

  @Test func `the data of this test fill every table`() async throws {
    let (_, _, data) = try await Self.filled()
    #expect(data.emptyTables == [])
  }

  @Test func `whatever a data key has sealed is found when the key is to go`() async throws {
    let (desk, id) = try await IssueRefusedTests.issueRefused()
    #expect(try await desk.read(id).state == .issueRefused)
    let left = try await SealWalk.placesLeft(
      of: desk.dataKey, in: desk.store, ApprovalAssembly.sealedTables)
    #expect(left == [])
  }

  @Test(arguments: TestEngine.all, EarlierData.versions(of: Self.migrations))
  func `what an earlier version holds is all there, and its case goes on`(
    _ engine: TestEngine, _ version: Int
  ) async throws {
    let (desk, file, data) = try await Self.filled()
    try await engine.withStore(desk.clock) { store in
      let rows = try await data.write(
        to: store, on: engine, version: version, now: desk.clock.now())
      #expect(rows > 10)
      let again = try await Desk(again: desk, over: store)
      #expect(try await data.lost(in: store, since: version) == [])
      #expect(try await again.read(file.caseID) == file)
      desk.clock.advance(milliseconds: 60_000)
      try await again.resume()
      try await again.sign(file.caseID, .review)
      #expect(try await again.sign(file.caseID, .approve).state == .approved)
      try await again.deliver()
      let completed = try await again.read(file.caseID)
      #expect(completed.state == .completed)
      #expect(completed.version == file.version + 4)
      #expect(Array(completed.opinions.prefix(2)) == file.opinions)
      #expect(try await again.open("application-2") != file.caseID)
    }
  }
}
