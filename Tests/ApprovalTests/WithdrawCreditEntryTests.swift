import DomainModel
import RPC
import TestSupport
import Testing
import Wire

@testable import ApprovalCore

struct WithdrawCreditEntryTests {
  @Test(arguments: TestEngine.all)
  func `a record that should not be there says nothing any more, here and at the platforms`(
    _ engine: TestEngine
  ) async throws {
    let clock = FakeClock()
    try await engine.withStore(clock) { store in
      let desk = try await Desk(over: store, clock: clock)
      let id = try await desk.recorded()
      try await desk.correct(id)
      clock.set(nineOClock("2026-04-01"))
      let version = try await desk.inspection(id).version
      let key = desk.key()
      let withdrawn = try await desk.withdraw(id, version: version, key: key)
      #expect(try await desk.withdraw(id, version: version, key: key) == withdrawn)
      let credit = try #require(withdrawn.credit)
      #expect(credit.state == .withdrawn && credit.version == 3)
      #expect(credit.decisionNumber == "" && credit.penalty == .unspecified)
      #expect(credit.disputeReason == "处罚决定已被撤销。")
      try await desk.deliver()
      let gone = CreditV1.CreditEntry(
        entryID: id, version: 3, state: .withdrawn, changedAtMs: clock.now().milliseconds)
      #expect(desk.kept(id) == [gone, gone])
      #expect(desk.platforms.map(\.changesCount) == [3, 3])
      let line = try #require(try await desk.deskEvents(withdrawn.caseID).last)
      #expect(line.action == "credit_withdrawn" && line.actor == "officer:p-settles")
      // No later process records it again.
      #expect(try await Desk(again: desk, over: store).assembly.catchUpCredits() == 0)
      #expect(try await desk.inspection(id).credit?.version == 3)
    }
  }

  @Test func `a reason is needed, and whoever has found it has no say`() async throws {
    let desk = try await Desk()
    let id = try await desk.recorded()
    let bare = await refusal { try await desk.withdraw(id, reason: "") }
    #expect(bare.violations.map { "\($0.field) \($0.reason)" } == ["reason FIELD_MISSING"])
    let own = await refusal { try await desk.withdraw(id, by: Desk.decider) }
    #expect(own.reason == "OFFICER_ALREADY_IN_CASE")
    try await desk.withdraw(id)
    let twice = await refusal { try await desk.withdraw(id) }
    #expect(
      twice.reason == "CREDIT_ENTRY_WRONG_STATE" && twice.metadata["credit_state"] == "withdrawn")
  }
}
