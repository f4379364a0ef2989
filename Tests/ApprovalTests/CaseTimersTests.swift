import DomainModel
import RPC
import Storage
import TestSupport
import Testing
import Wire

@testable import ApprovalCore

/// What time does to cases: once each, dated to the instant of law, one case apart from the other.
struct CaseTimersTests {
  private static func midnight(_ iso: String) throws -> Int64 {
    try #require(CivilDate(iso: iso)).startOfDay.milliseconds
  }

  @Test func `a case nobody takes up is warned of, accepted by law and escalated, as of the law`()
    async throws
  {
    let desk = try await Desk()
    let id = try await desk.open()
    // The process was down for three weeks.
    desk.clock.set(nineOClock("2026-04-01"))
    #expect(try await desk.assembly.fireTimers() == 4)
    #expect(try await desk.assembly.fireTimers() == 0)
    let events = try await desk.history(id)
    #expect(
      events.map(\.action) == ["opened", "warned", "deemed_accepted", "escalated", "escalated"])
    #expect(
      try events.dropFirst().map(\.occurredAtMs) == [
        Self.midnight("2026-03-12"), Self.midnight("2026-03-18"), Self.midnight("2026-03-18"),
        Self.midnight("2026-03-26"),
      ])
    #expect(events.dropFirst().allSatisfy { $0.actor == "system" })
    let file = try await desk.read(id)
    #expect(file.state == .awaitingReview)
    #expect(file.clocks?.acceptedAtMs == nineOClock("2026-03-10").milliseconds)
    #expect(file.clocks?.promiseDue?.dueOn == "2026-03-12")
    #expect(file.alarms.map(\.term) == [.warning, .promise, .statute])
    #expect(file.alarms.map(\.officeCode) == [Police.station, Police.bureau, Police.bureau])
    #expect(file.alarms[1].dueOn == "2026-03-12")
    #expect(try file.alarms[1].raisedAtMs == Self.midnight("2026-03-13"))
  }

  @Test func `intake hears of the deemed acceptance once, and the case goes on to its end`()
    async throws
  {
    let desk = try await Desk()
    let id = try await desk.open()
    desk.clock.set(nineOClock("2026-03-18"))
    _ = try await desk.assembly.fireTimers()
    try await desk.deliver()
    guard case .accepted(let acceptance) = desk.intake.told.first?.step else {
      Issue.record("intake was told \(desk.intake.told)")
      return
    }
    #expect(acceptance.acceptedAtMs == nineOClock("2026-03-10").milliseconds)
    #expect(try desk.intake.told.first?.occurredAtMs == Self.midnight("2026-03-18"))
    try await desk.sign(id, .review)
    try await desk.sign(id, .approve)
    try await desk.deliver()
    #expect(try await desk.read(id).state == .completed)
    #expect(desk.intake.told.map(\.sequence) == [1, 2])
  }

  @Test func `before its instant nothing happens, at it everything`() async throws {
    let desk = try await Desk()
    let id = try await desk.open()
    let due = try Self.midnight("2026-03-18")
    desk.clock.set(Timestamp(milliseconds: due - 1))
    _ = try await desk.assembly.fireTimers()
    #expect(try await desk.read(id).state == .awaitingAcceptance)
    desk.clock.set(Timestamp(milliseconds: due))
    _ = try await desk.assembly.fireTimers()
    #expect(try await desk.read(id).state == .awaitingReview)
  }

  @Test func `a notice nobody answers lapses into the work of who has to end the case`()
    async throws
  {
    let desk = try await Desk()
    let early = try await desk.open("application-1")
    try await desk.sign(early, .accept, .supplement, ["PHOTO_UNFIT"])
    let late = try await desk.open("application-2")
    try await desk.sign(late, .accept)
    try await desk.sign(late, .review, .supplement, ["PHOTO_UNFIT"])
    let stopped = try await desk.read(late)
    // 30 days from 10 March end on Thursday, 9 April.
    desk.clock.set(LapsedNoticeTests.due)
    #expect(try await desk.assembly.fireTimers() == 2)
    let accepting = try await desk.work(.accept, of: Police.right(for: .accept))
    #expect(accepting.map(\.caseID) == [early])
    // The office has its five working days from then on.
    #expect(try accepting.first?.dueAtMs == Self.midnight("2026-04-17"))
    let deciding = try await desk.work(.approve, of: Police.right(for: .approve))
    #expect(deciding.map(\.caseID) == [late])
    let running = try await desk.read(late)
    #expect(stopped.clocks?.pausedAtMs != 0 && running.clocks?.pausedAtMs == 0)
    #expect(running.clocks?.promiseDue?.dueOn == "2026-04-14")
    // Silence does not accept what has lapsed: it is escalated.
    desk.clock.set(nineOClock("2026-05-12"))
    _ = try await desk.assembly.fireTimers()
    #expect(try await desk.read(early).state == .awaitingSupplement)
    #expect(try await desk.read(early).alarms.map(\.term) == [.guard])
    #expect(try await desk.read(late).alarms.map(\.term) == [.promise, .statute])
    try await desk.sign(early, .accept, .refuse, ["SUPPLEMENT_INSUFFICIENT"])
    try await desk.resume("application-2")
    #expect(try await desk.read(late).state == .awaitingReview)
    #expect(try await desk.read(early).state == .notAccepted)
  }

  @Test func `an outcome that is stuck on its way is overdue and escalated`() async throws {
    let desk = try await Desk()
    let id = try await desk.open()
    for stage in [Stage.accept, .review, .approve] { try await desk.sign(id, stage) }
    desk.clock.set(nineOClock("2026-03-13"))
    #expect(try await desk.assembly.fireTimers() == 1)
    #expect(try await desk.read(id).alarms.map(\.term) == [.promise])
    try await desk.deliver()
    desk.clock.set(nineOClock("2026-06-01"))
    #expect(try await desk.assembly.fireTimers() == 0)
    #expect(try await desk.read(id).state == .completed)
  }

  @Test func `whoever is faster than the timer hides nothing, and nobody's version is stale by it`()
    async throws
  {
    let desk = try await Desk()
    let id = try await desk.open()
    try await desk.sign(id, .accept)
    desk.clock.set(nineOClock("2026-03-13"))
    try await desk.sign(id, .review)
    #expect(try await desk.read(id).alarms.map(\.term) == [.promise])
    #expect(
      try await desk.history(id).map(\.action) == ["opened", "accepted", "escalated", "reviewed"])
    #expect(try await desk.assembly.fireTimers() == 0)
  }

  @Test(arguments: [true, false])
  func `after the guard it is accepted by law, whether or not the timer has looked`(
    _ hasLooked: Bool
  ) async throws {
    let desk = try await Desk()
    let id = try await desk.open()
    desk.clock.set(nineOClock("2026-03-18"))
    if hasLooked { _ = try await desk.assembly.fireTimers() }
    let decisions: [(Decision, String)] = [
      (.refuse, "OFFICE_NOT_COMPETENT"), (.supplement, "PHOTO_UNFIT"),
    ]
    for (decision, code) in decisions {
      let late = await refusal { try await desk.sign(id, .accept, decision, [code]) }
      #expect(late.reason == "CASE_WRONG_STATE")
      #expect(late.metadata["current_state"] == "awaiting_review")
    }
    try await desk.sign(id, .review)
    #expect(
      try await desk.read(id).clocks?.acceptedAtMs == nineOClock("2026-03-10").milliseconds)
  }

  @Test func `a supplement after its term ends no pause that was over, whoever looks first`()
    async throws
  {
    var dues: [String] = []
    let cases = [("2026-04-09", false), ("2026-04-14", true), ("2026-04-14", false)]
    for (answeredOn, hasLooked) in cases {
      let desk = try await Desk()
      let id = try await desk.open()
      try await desk.sign(id, .accept)
      try await desk.sign(id, .review, .supplement, ["PHOTO_UNFIT"])
      desk.clock.set(nineOClock(answeredOn))
      if hasLooked { _ = try await desk.assembly.fireTimers() }
      try await desk.resume()
      let file = try await desk.read(id)
      #expect(file.state == .awaitingReview)
      dues.append(file.clocks?.promiseDue?.dueOn ?? "")
    }
    // The term ends with 9 April, and the clocks go on with the 10th: one working day later.
    #expect(dues == ["2026-04-13", "2026-04-14", "2026-04-14"])
  }

  @Test func `a stage's term is escalated too`() throws {
    let file = try CaseAt.state(.awaitingForwarding)
    let machine = try PolicyData.machine(of: file.origin)
    let events = machine.elapsed(file, until: nineOClock("2026-03-13"))
    #expect(events.map(\.action) == ["escalated"])
    #expect(events.first?.detail == "stage 2026-03-12 \(Police.shanghaiBureau)")
  }

  @Test func `a case that cannot be led on is parked, seen, and holds up no other`() async throws {
    let desk = try await Desk()
    let broken = try await desk.open("application-1")
    let sound = try await desk.open("application-2")
    try await desk.setPolicy(of: broken, to: "zhejiang-lost")
    desk.clock.set(nineOClock("2026-03-12"))
    for _ in 0..<10 {
      _ = try await desk.assembly.fireTimers()
      desk.clock.advance(milliseconds: 3_600_000)
    }
    #expect(try await desk.read(sound).alarms.count == 1)
    let parked = try await desk.client.listParkedTimers(.init(), options: .auditor).timers
    #expect(parked.map(\.caseID) == [broken])
    #expect(parked.first?.reason == "PolicyMissing")
    #expect((parked.first?.failures ?? 0) >= Int32(CaseTimers.failuresMax))
    #expect(desk.logs.lines.contains { $0.message == "a case's timer is parked" })
    // Mended, it goes on by itself.
    try await desk.setPolicy(of: broken, to: "zhejiang-1")
    desk.clock.advance(milliseconds: CaseTimers.retryMaxMs)
    #expect(try await desk.assembly.fireTimers() == 1)
    #expect(try await desk.client.listParkedTimers(.init(), options: .auditor).timers == [])
  }

  /// Everything that time does to four cases, with the process killed at every one of its writes,
  /// before the commit and after it: what stands in the histories is what an undisturbed run wrote.
  @Test(arguments: TestEngine.all)
  func `every timer fires once though the process is killed at every write of a timer`(
    _ engine: TestEngine
  ) async throws {
    let (whole, writes) = try await Self.lived(engine, diesAt: nil)
    #expect(whole.flatMap(\.self).count == 12 && writes == 9)
    var kills = 0
    for moment in DyingStore.Moment.allCases {
      for write in 0..<writes {
        let (histories, _) = try await Self.lived(engine, diesAt: write, moment)
        #expect(histories == whole, "killed at write \(write), \(moment)")
        kills += 1
      }
    }
    #expect(kills == 18)
  }

  /// The lines that time wrote of each case, and how many writes it took.
  private static func lived(
    _ engine: TestEngine, diesAt write: Int?, _ moment: DyingStore.Moment = .beforeCommit
  ) async throws -> ([[String]], writes: Int) {
    var result: ([[String]], writes: Int) = ([], 0)
    let clock = FakeClock()
    try await engine.withStore(clock) { store in
      let desk = try await Desk(over: store, clock: clock)
      let ids = try await Self.fourCases(desk)
      let dying = DyingStore(store, diesAt: write, moment)
      let doomed = try await Desk(again: desk, over: dying, migrates: false)
      for day in ["2026-03-12", "2026-03-18", "2026-04-10", "2026-05-12"] {
        clock.set(nineOClock(day))
        _ = try? await doomed.assembly.fireTimers()
      }
      #expect(dying.isDead == (write != nil))
      let next = try await Desk(again: desk, over: store)
      _ = try await next.assembly.fireTimers()
      #expect(try await next.assembly.fireTimers() == 0)
      try await next.deliver()
      var histories: [[String]] = []
      for id in ids {
        let lines = try await next.history(id).filter { $0.actor == "system" }
        histories.append(lines.map { "\($0.action) \($0.detail) \($0.occurredAtMs)" })
      }
      histories.append(next.intake.told.map { "\($0.applicationID) \($0.sequence)" }.sorted())
      result = (histories, dying.writesCount)
    }
    return result
  }

  /// One that nobody takes up, one whose notice lapses before and one after acceptance, and one
  /// that waits for its review.
  private static func fourCases(_ desk: Desk) async throws -> [String] {
    var ids: [String] = []
    for number in 1...4 { ids.append(try await desk.open("application-\(number)")) }
    try await desk.sign(ids[1], .accept, .supplement, ["PHOTO_UNFIT"])
    try await desk.sign(ids[2], .accept)
    try await desk.sign(ids[2], .review, .supplement, ["PHOTO_UNFIT"])
    try await desk.sign(ids[3], .accept)
    try await desk.deliver()
    return ids
  }
}

extension Desk {
  /// All that happened to a case.
  func history(_ id: String) async throws -> [ApprovalV1.CaseEvent] {
    try await self.client.getCaseHistory(.init(caseID: id), options: .auditor).events
  }

  /// The work of a stage at an officer's office.
  func work(_ stage: Stage, of officer: Officer) async throws -> [ApprovalV1.WorkItem] {
    try await self.client.listWork(.init(stage: .init(stage)), options: .by(officer)).items
  }

  /// Writes another policy into a case, as no code of ours does.
  func setPolicy(of id: String, to version: String) async throws {
    try await self.store.write { transaction in
      try transaction.execute(
        "UPDATE approval_case SET policy_version = \(version) WHERE case_id = \(id)")
    }
  }
}
