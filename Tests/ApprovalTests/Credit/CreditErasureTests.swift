import DomainModel
import RPC
import Storage
import TestSupport
import Testing
import Wire

@testable import ApprovalCore

/// The record of a fraud goes after five years: at the instant of law, once, here and there.
struct CreditErasureTests {
  private static func end(_ iso: String) throws -> Timestamp {
    try #require(CivilDate(iso: iso)).endOfDay
  }

  @Test(arguments: TestEngine.all)
  func `before its last day is over a record stays, then it goes everywhere, once`(
    _ engine: TestEngine
  ) async throws {
    let clock = FakeClock()
    try await engine.withStore(clock) { store in
      let desk = try await Desk(over: store, clock: clock)
      let id = try await desk.recorded()
      let caseID = try await desk.inspection(id).caseID
      // Its policy is needed no more.
      try await desk.setPolicy(of: caseID, to: "zhejiang-lost")
      let end = try Self.end("2031-03-10")
      clock.set(Timestamp(milliseconds: end.milliseconds - 1))
      #expect(try await desk.assembly.eraseCredits() == 0)
      try await desk.deliver()
      #expect(desk.kept(id).map { $0?.version } == [1, 1])
      // The process was down for a year.
      clock.set(nineOClock("2032-03-10"))
      #expect(try await desk.assembly.eraseCredits() == 1)
      #expect(try await desk.assembly.eraseCredits() == 0)
      try await desk.deliver()
      let erased = CreditV1.CreditEntry(
        entryID: id, version: 2, state: .erased, changedAtMs: end.milliseconds)
      #expect(desk.kept(id) == [erased, erased])
      #expect(desk.platforms.map(\.changesCount) == [2, 2])
      let line = try #require(try await desk.deskEvents(caseID).last)
      #expect(line.action == "credit_erased" && line.actor == "system")
      #expect(line.occurredAtMs == end.milliseconds)
      let left = try await store.read { snapshot in
        try snapshot.row(
          """
          SELECT credit_number, credit_fine_yuan, dispute_reason, credit_erase_at FROM inspection
          WHERE case_id = \(caseID)
          """)
      }
      #expect(left?.values.allSatisfy { $0 == .null } == true)
      try await desk.setPolicy(of: caseID, to: "zhejiang-1")
      let shown = try await desk.inspection(id)
      #expect(shown.credit?.state == .erased && shown.credit?.decisionNumber == "")
      #expect(shown.credit?.keptUntilOn == "2031-03-10")
      // What was decided stays in the file of the case.
      #expect(shown.conclusion == Desk.fraud)
    }
  }

  @Test func `from its instant on a record is gone, though no timer has run`() async throws {
    let desk = try await Desk()
    let id = try await desk.recorded()
    desk.clock.set(try Self.end("2031-03-10"))
    let shown = try await desk.inspection(id)
    #expect(shown.credit?.state == .erased && shown.credit?.fineYuan == 0)
    #expect(shown.credit?.penalty == .unspecified)
    let late = await refusal { try await desk.correct(id) }
    #expect(late.reason == "CREDIT_ENTRY_WRONG_STATE" && late.metadata["credit_state"] == "erased")
    #expect(try await desk.assembly.eraseCredits() == 1)
  }

  @Test func `a record that says nothing any more has nothing to erase`() async throws {
    let desk = try await Desk()
    let id = try await desk.recorded()
    try await desk.withdraw(id)
    desk.clock.set(nineOClock("2032-03-10"))
    #expect(try await desk.assembly.eraseCredits() == 0)
    #expect(try await desk.inspection(id).credit?.state == .withdrawn)
  }

  @Test func `a platform that left the settings is told to erase as well`() async throws {
    let desk = try await Desk()
    let id = try await desk.recorded()
    let fewer = try await Desk(again: desk, over: desk.store, platforms: [desk.platforms[0]])
    desk.clock.set(nineOClock("2032-03-10"))
    #expect(try await fewer.assembly.eraseCredits() == 1)
    try await fewer.deliver()
    #expect(desk.kept(id).map { $0?.state } == [.erased, .recorded])
    // It is owed for as long as it takes.
    desk.clock.set(nineOClock("2032-03-12"))
    try await Desk(again: desk, over: desk.store).deliver()
    #expect(desk.kept(id).map { $0?.state } == [.erased, .erased])
  }

  @Test func `one that cannot be read holds up no other, and is seen`() async throws {
    let desk = try await Desk()
    let id = try await desk.recorded()
    let caseID = try await desk.inspection(id).caseID
    let sealed = try await Self.grounds(of: caseID, desk, becoming: [1, 2, 3])
    desk.clock.set(nineOClock("2032-03-10"))
    for _ in 1...CaseTimers.failuresMax {
      #expect(try await desk.assembly.eraseCredits() == 0)
      desk.clock.advance(milliseconds: CaseTimers.retryMaxMs)
    }
    let parked = try await desk.client.listParkedTimers(.init(), options: .auditor).timers
    #expect(parked.map(\.caseID) == [caseID])
    #expect(try parked.map(\.dueAtMs) == [Self.end("2031-03-10").milliseconds])
    _ = try await Self.grounds(of: caseID, desk, becoming: sealed)
    #expect(try await desk.assembly.eraseCredits() == 1)
    #expect(try await desk.client.listParkedTimers(.init(), options: .auditor).timers == [])
  }

  /// Replaces the sealed grounds of a case's inspection; returns what stood there.
  private static func grounds(
    of caseID: String, _ desk: Desk, becoming bytes: [UInt8]
  ) async throws -> [UInt8] {
    try await desk.store.write { transaction in
      let before = try transaction.row("SELECT grounds FROM inspection WHERE case_id = \(caseID)")
      try transaction.execute(
        "UPDATE inspection SET grounds = \(bytes) WHERE case_id = \(caseID)")
      return try before?.bytes("grounds") ?? []
    }
  }

  @Test(arguments: TestEngine.all)
  func `killed at any write of its life, a record is made and erased once`(
    _ engine: TestEngine
  ) async throws {
    let (whole, writes) = try await Self.lived(engine, diesAt: nil)
    #expect(whole == ["credit_recorded", "credit_erased", "2", "2"] && writes > 6)
    for moment in DyingStore.Moment.allCases {
      for write in 0..<writes {
        let (lines, _) = try await Self.lived(engine, diesAt: write, moment)
        #expect(lines == whole, "killed at write \(write), \(moment)")
      }
    }
  }

  /// What the history says of the record, and how often each platform has changed something; and
  /// how many writes it took from the finding on.
  private static func lived(
    _ engine: TestEngine, diesAt write: Int?, _ moment: DyingStore.Moment = .beforeCommit
  ) async throws -> ([String], writes: Int) {
    var result: ([String], writes: Int) = ([], 0)
    let clock = FakeClock()
    try await engine.withStore(clock) { store in
      let desk = try await Desk(over: store, clock: clock)
      let id = try await desk.found(try await desk.issued())
      let dying = DyingStore(store, diesAt: write, moment)
      let doomed = try await Desk(again: desk, over: dying, migrates: false)
      try? await doomed.deliver()
      // Whoever comes next takes over the lanes when their leases are over.
      clock.advance(milliseconds: 3_600_000)
      let next = try await Desk(again: desk, over: store)
      #expect(try await next.assembly.catchUpCredits() == 0)
      try await next.deliver()
      clock.set(nineOClock("2031-03-11"))
      _ = try? await doomed.assembly.eraseCredits()
      try? await doomed.deliver()
      #expect(dying.isDead == (write != nil))
      clock.advance(milliseconds: 3_600_000)
      _ = try await next.assembly.eraseCredits()
      #expect(try await next.assembly.eraseCredits() == 0)
      try await next.deliver()
      let caseID = try await next.inspection(id).caseID
      let lines = try await next.deskEvents(caseID).map(\.action).filter { $0.hasPrefix("credit") }
      result = (lines + next.platforms.map { "\($0.changesCount)" }, dying.writesCount)
    }
    return result
  }

  @Test func `a term of years ends on the corresponding day, else on the month's last`() throws {
    for (decided, last) in [
      ("2026-03-10", "2031-03-10"), ("2028-02-29", "2033-02-28"), ("2027-02-28", "2032-02-28"),
    ] {
      var inspection = Inspection(
        id: ID("inspection-1"), caseID: ID("case-1"), applicationID: "application-1",
        certificateIdentifier: FakeRegistry.identifier, officeCode: Police.station,
        bureauCode: Police.bureau, grounds: "", servedOn: try #require(CivilDate(iso: decided)),
        opened: InspectionSignature(officerID: "p1", officeCode: "", at: nineOClock(decided)))
      inspection.decided = InspectionSignature(
        officerID: "p3", officeCode: Police.bureau, at: nineOClock(decided))
      #expect(inspection.creditKeptUntil?.iso == last)
    }
  }
}
