import DomainModel
import RPC
import ServiceCore
import Storage
import TestSupport
import Testing
import Wire

@testable import ApprovalCore

struct WithdrawCaseTests {
  private static func withdraw(
    _ desk: Desk, _ application: String = "application-1", key: String? = nil
  ) async throws {
    let request = ApprovalV1.WithdrawCaseRequest(
      idempotencyKey: key ?? desk.key(), applicationID: application,
      withdrawnAtMs: desk.clock.now().milliseconds)
    _ = try await desk.client.withdrawCase(request, options: .intake)
  }

  @Test(arguments: TestEngine.all)
  func `an undecided case ends, and intake hears of it once`(_ engine: TestEngine) async throws {
    let clock = FakeClock()
    try await engine.withStore(clock) { store in
      let desk = try await Desk(over: store, clock: clock)
      let id = try await desk.open()
      try await desk.sign(id, .accept)
      try await Self.withdraw(desk)
      try await Self.withdraw(desk)
      try await desk.deliver()
      #expect(try await desk.read(id).state == .withdrawn)
      let told = desk.intake.told
      #expect(told.map(\.sequence) == [1, 2])
      #expect(
        told.last?.step == .withdrawn(.init(withdrawnAtMs: desk.clock.now().milliseconds)))
      let error = await refusal { try await desk.sign(id, .review) }
      #expect(error.reason == "CASE_WRONG_STATE")
      #expect(error.metadata["current_state"] == "withdrawn")
      // What intake has lost it is told again.
      let again = try await store.read { snapshot in
        try desk.assembly.retelling(
          snapshot, .init(applicationID: "application-1", what: "application"))
      }
      #expect(again.count == 3)
    }
  }

  @Test func `what the law had done before it is written first, and nothing that came after`()
    async throws
  {
    let desk = try await Desk()
    let early = try await desk.open("application-1")
    let late = try await desk.open("application-2")
    // Nobody answered until 2026-03-17; one withdrew before that, the other after it.
    let withdrawn = nineOClock("2026-03-16")
    desk.clock.set(nineOClock("2026-03-18"))
    for (application, instant) in [
      ("application-1", withdrawn), ("application-2", desk.clock.now()),
    ] {
      let request = ApprovalV1.WithdrawCaseRequest(
        idempotencyKey: desk.key(), applicationID: application,
        withdrawnAtMs: instant.milliseconds)
      _ = try await desk.client.withdrawCase(request, options: .intake)
    }
    #expect(try await !desk.history(early).map(\.action).contains("deemed_accepted"))
    #expect(try await desk.history(late).map(\.action).contains("deemed_accepted"))
    #expect(try await desk.read(late).state == .withdrawn)
  }

  @Test func `a decision that was first stands`() async throws {
    let desk = try await Desk()
    let id = try await desk.open()
    for stage in [Stage.accept, .review, .approve] { try await desk.sign(id, stage) }
    let key = desk.key()
    let error = await refusal { try await Self.withdraw(desk, key: key) }
    #expect(error.reason == "CASE_WRONG_STATE")
    #expect(error.metadata["current_state"] == "approved")
    try await desk.deliver()
    #expect(try await desk.read(id).state == .completed)
  }

  @Test func `a supplement that is under way does not bring it back`() async throws {
    let desk = try await Desk()
    let id = try await desk.open()
    try await desk.sign(id, .accept, .supplement, ["PHOTO_UNFIT"])
    try await Self.withdraw(desk)
    try await desk.resume()
    #expect(try await desk.read(id).state == .withdrawn)
  }

  @Test func `what is not there or says no time is refused`() async throws {
    let desk = try await Desk()
    let unknown = await refusal { try await Self.withdraw(desk, "application-9") }
    #expect(unknown.reason == "CASE_NOT_FOUND")
    let request = ApprovalV1.WithdrawCaseRequest(
      idempotencyKey: desk.key(), applicationID: "application-9")
    let timeless = await refusal {
      try await desk.client.withdrawCase(request, options: .intake)
    }
    #expect(timeless.violations.map(\.field) == ["withdrawn_at_ms"])
  }
}
