import DomainModel
import RPC
import TestSupport
import Testing
import Wire

@testable import ApprovalCore

/// Hearing and appraisal stop promise and statute; an officer lets them go on.
struct PauseClockTests {
  private static func accepted() async throws -> (Desk, String) {
    let desk = try await Desk()
    let id = try await desk.open()
    try await desk.sign(id, .accept)
    return (desk, id)
  }

  @Test func `the clocks stand still, the applicant is told until when, and they go on`()
    async throws
  {
    let (desk, id) = try await Self.accepted()
    let paused = try await desk.pause(id, .hearing, days: 20)
    #expect(paused.clocks?.pausedAtMs == desk.clock.now().milliseconds)
    #expect(paused.clocks?.pauses.map(\.expectedUntilOn) == ["2026-03-30"])
    try await desk.deliver()
    guard case .paused(let told) = desk.intake.told.last?.step else {
      Issue.record("intake was told \(desk.intake.told)")
      return
    }
    #expect(told.kind == .hearing && told.expectedUntilOn == "2026-03-30")
    // Twelve days later neither term has passed; each moves by the days of the pause.
    desk.clock.set(nineOClock("2026-03-20"))
    #expect(try await desk.assembly.fireTimers() == 0)
    try await desk.resumeClock(id)
    let running = try await desk.read(id)
    #expect(running.clocks?.pausedAtMs == 0)
    #expect(running.clocks?.promiseDue?.dueOn == "2026-03-24")
    #expect(running.clocks?.statuteDue?.dueOn == "2026-04-07")
    try await desk.deliver()
    guard case .resumed(let dates) = desk.intake.told.last?.step else {
      Issue.record("intake was told \(desk.intake.told)")
      return
    }
    #expect(dates.promiseDue?.dueOn == "2026-03-24")
    for stage in [Stage.review, .approve] { try await desk.sign(id, stage) }
    try await desk.deliver()
    #expect(try await desk.read(id).state == .completed)
    #expect(
      try await desk.history(id).map(\.action) == [
        "opened", "accepted", "paused", "resumed", "reviewed", "approved", "issued",
      ])
  }

  @Test func `one that lasts longer than the applicant was told is escalated`() async throws {
    let (desk, id) = try await Self.accepted()
    try await desk.pause(id, .appraisal, days: 5)
    desk.clock.set(nineOClock("2026-03-16"))
    #expect(try await desk.assembly.fireTimers() == 1)
    let alarms = try await desk.read(id).alarms
    #expect(alarms.map(\.term) == [.pause] && alarms.first?.dueOn == "2026-03-15")
    #expect(alarms.first?.officeCode == Police.bureau)
  }

  @Test func `nothing is signed while they stand still, and they are stopped only once`()
    async throws
  {
    let (desk, id) = try await Self.accepted()
    try await desk.pause(id, .hearing, days: 20)
    let signing = await refusal { try await desk.sign(id, .review) }
    #expect(signing.reason == "CLOCK_PAUSED" && signing.code == .failedPrecondition)
    let again = await refusal { try await desk.pause(id, .hearing, days: 20) }
    #expect(again.reason == "CLOCK_PAUSED")
    try await desk.resumeClock(id)
    let more = await refusal { try await desk.resumeClock(id) }
    #expect(more.reason == "CLOCK_NOT_PAUSED")
  }

  @Test func `who has no say in the stage, or read an older version, stops nothing`() async throws {
    let (desk, id) = try await Self.accepted()
    let wrong = await refusal {
      try await desk.pause(id, .hearing, days: 20, by: Police.right(for: .approve))
    }
    #expect(wrong.reason == "OFFICER_WRONG_OFFICE")
    let stale = await refusal {
      try await desk.pause(id, .hearing, days: 20, version: 1)
    }
    #expect(stale.reason == "VERSION_STALE" && stale.metadata["current_version"] == "2")
    let waiting = try await desk.open("application-2")
    let early = await refusal {
      try await desk.pause(waiting, .hearing, days: 20, by: Police.right(for: .accept))
    }
    #expect(early.reason == "CASE_WRONG_STATE")
  }

  @Test func `nobody stops the work of who has claimed the case, and what is refused is kept`()
    async throws
  {
    let (desk, id) = try await Self.accepted()
    try await desk.claim(id, by: Desk.officer(.review, "one"))
    let held = await refusal {
      try await desk.pause(id, .hearing, days: 20, by: Desk.officer(.review, "two"))
    }
    #expect(held.reason == "CASE_HELD_BY_ANOTHER")
    try await desk.pause(id, .hearing, days: 20, by: Desk.officer(.review, "one"))
    let late = await refusal { try await desk.extend(id, days: 1) }
    #expect(late.metadata["objections"] == "CLOCK_PAUSED,EXTENSION_NOT_IN_POLICY")
    try await desk.resumeClock(id)
    #expect(await refusal { try await desk.resumeClock(id) }.reason == "CLOCK_NOT_PAUSED")
    #expect(
      try await desk.deskEvents(id).map(\.action) == [
        "claimed", "refused_pause", "refused_extension", "refused_resumption",
      ])
  }

  @Test func `what the list has not, and longer than it says, is refused at once`() async throws {
    let (desk, id) = try await Self.accepted()
    let unknown = await refusal { try await desk.pause(id, .supplement, days: 20) }
    #expect(unknown.violations.map(\.field) == ["kind"])
    let long = await refusal { try await desk.pause(id, .hearing, days: 31) }
    #expect(long.violations.map(\.reason) == ["NUMBER_OUT_OF_RANGE"])
    let text = try PolicyTexts.text("zhejiang.tsv")
      .replacing("pause_appraisal_days\t30\t", with: "pause_appraisal_days\t0\t")
    let other = try await Desk(policies: PolicyEditions(only: PolicySettings(text: text)))
    let there = try await other.open()
    try await other.sign(there, .accept)
    let absent = await refusal { try await other.pause(there, .appraisal, days: 1) }
    #expect(absent.reason == "PAUSE_NOT_IN_POLICY")
  }

  @Test func `a case can be taken back meanwhile, and nothing is left to escalate`() async throws {
    let (desk, id) = try await Self.accepted()
    try await desk.pause(id, .hearing, days: 20)
    let withdrawal = ApprovalV1.WithdrawCaseRequest(
      idempotencyKey: desk.key(), applicationID: "application-1",
      withdrawnAtMs: desk.clock.now().milliseconds)
    _ = try await desk.client.withdrawCase(withdrawal, options: .intake)
    desk.clock.set(nineOClock("2026-06-01"))
    #expect(try await desk.assembly.fireTimers() == 0)
    #expect(try await desk.read(id).state == .withdrawn)
  }
}

extension Desk {
  /// Stops a case's clocks, by the reviewer unless told; returns the case.
  @discardableResult
  func pause(
    _ id: String, _ kind: ModelV1.PauseKind, days: Int32,
    by officer: Officer = Police.right(for: .review), version: Int64? = nil
  ) async throws -> ApprovalV1.Case {
    let read = try await self.read(id).version
    let request = ApprovalV1.PauseClockRequest(
      idempotencyKey: self.key(), caseID: id, expectedVersion: version ?? read, kind: kind,
      expectedDays: days, text: "听证通知书")
    return try #require(
      try await self.client.pauseClock(request, options: .by(officer)).case)
  }

  /// Lets a case's clocks go on, by the reviewer.
  func resumeClock(
    _ id: String, by officer: Officer = Police.right(for: .review)
  ) async throws {
    let request = ApprovalV1.ResumeClockRequest(
      idempotencyKey: self.key(), caseID: id, expectedVersion: try await self.read(id).version)
    _ = try await self.client.resumeClock(request, options: .by(officer))
  }
}
