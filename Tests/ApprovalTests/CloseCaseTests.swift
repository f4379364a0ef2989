import DomainModel
import RPC
import ServiceCore
import Storage
import TestSupport
import Testing
import Wire

@testable import ApprovalCore

struct CloseCaseTests {
  static func close(
    _ desk: Desk, _ application: String = "application-1",
    _ reason: ModelV1.ClosureReason = .death, on day: String = "2026-03-11", key: String? = nil
  ) async throws -> ApprovalV1.CaseState {
    let request = ApprovalV1.CloseCaseRequest(
      idempotencyKey: key ?? desk.key(), applicationID: application, reason: reason, eventOn: day,
      recordedAtMs: desk.clock.now().milliseconds)
    return try await desk.client.closeCase(request, options: .intake).state
  }

  @Test(arguments: TestEngine.all)
  func `an undecided case is closed from the instant of law, and intake hears of it once`(
    _ engine: TestEngine
  ) async throws {
    let clock = FakeClock()
    try await engine.withStore(clock) { store in
      let desk = try await Desk(over: store, clock: clock)
      let id = try await desk.open()
      try await desk.sign(id, .accept)
      clock.set(nineOClock("2026-03-20"))
      #expect(try await Self.close(desk) == .closed)
      #expect(try await Self.close(desk) == .closed)
      #expect(try await Self.close(desk, "application-1", .localHukou) == .closed)
      try await desk.deliver()
      let closedAt = nineOClock("2026-03-11").adding(milliseconds: 15 * 3_600_000)
      let closure = ModelV1.Closure(
        reason: .death, eventOn: "2026-03-11", closedAtMs: closedAt.milliseconds)
      let file = try await desk.read(id)
      #expect(file.state == .closed && file.closure == closure)
      // Neither promise nor statute had passed by then, so nothing is escalated.
      #expect(file.alarms == [])
      #expect(try await desk.assembly.fireTimers() == 0)
      #expect(desk.intake.told.map(\.sequence) == [1, 2])
      #expect(desk.intake.told.last?.step == .closed(closure))
      let history = try await desk.client.getCaseHistory(
        .init(caseID: id), options: .auditor
      ).events
      #expect(history.map(\.action) == ["opened", "accepted", "closed"])
      #expect(history.last?.occurredAtMs == closedAt.milliseconds)
      #expect(history.last?.actor == "service:intake")
      #expect(history.last?.detail == "death 2026-03-11")
      let error = await refusal { try await desk.sign(id, .review) }
      #expect(error.reason == "CASE_WRONG_STATE")
      #expect(error.metadata["current_state"] == "closed")
      // What intake has lost it is told again.
      let again = try await store.read { snapshot in
        try desk.assembly.retelling(
          snapshot, .init(applicationID: "application-1", what: "application"))
      }
      #expect(again.count == 3)
    }
  }

  @Test func `what had passed by then is written down first, and is no open alarm`() async throws {
    let desk = try await Desk()
    let id = try await desk.open()
    try await desk.sign(id, .accept)
    desk.clock.set(nineOClock("2026-03-20"))
    _ = try await Self.close(desk, "application-1", .localHukou, on: "2026-03-16")
    let file = try await desk.read(id)
    // The promise ended on 2026-03-12.
    #expect(file.alarms.map(\.term) == [.promise])
    #expect(
      try await desk.client.listAlarms(.init(), options: .auditor).alarms.map(\.caseID) == [])
  }

  @Test func `what the law had done by then stands, though no timer has run`() async throws {
    let desk = try await Desk()
    let id = try await desk.open()
    // Nobody answered until 2026-03-17: it is accepted since it was submitted.
    desk.clock.set(nineOClock("2026-03-20"))
    _ = try await Self.close(desk, on: "2026-03-18")
    let history = try await desk.history(id).map(\.action)
    #expect(history.contains("deemed_accepted") && history.last == "closed")
    #expect(try await desk.assembly.fireTimers() == 0)
    try await desk.deliver()
    #expect(desk.intake.told.count == 2)
    // One who died before that had nothing accepted.
    let other = try await desk.open("application-2")
    desk.clock.set(nineOClock("2026-04-20"))
    _ = try await Self.close(desk, "application-2", on: "2026-03-21")
    #expect(try await !desk.history(other).map(\.action).contains("deemed_accepted"))
  }

  @Test func `it is counted by the day from which it counts, and is no decision`() async throws {
    let desk = try await Desk()
    try await desk.open()
    desk.clock.set(nineOClock("2026-03-20"))
    _ = try await Self.close(desk)
    let request = ApprovalV1.GetStatisticsRequest(
      fromOn: "2026-03-01", toOn: "2026-03-31", by: [.day])
    let lines = try await desk.client.getStatistics(request, options: .auditor).lines
    #expect(lines.map(\.day) == ["2026-03-10", "2026-03-12"])
    #expect(lines.map(\.received) == [1, 0] && lines.map(\.closed) == [0, 1])
    #expect(lines.map(\.decided) == [0, 0])
  }

  @Test func `a decision that was first stands, and comes back where the registry refuses it`()
    async throws
  {
    let desk = try await Desk()
    let id = try await desk.open()
    for stage in [Stage.accept, .review, .approve] { try await desk.sign(id, stage) }
    #expect(try await Self.close(desk) == .approved)
    desk.registry.refuse(
      RegistryV1.CertificateRegistryServiceMethods.issuePermit,
      with: ServiceError(.personDeceased))
    try await desk.deliver()
    let file = try await desk.read(id)
    #expect(file.state == .issueRefused && file.closure == nil)
    #expect(try await Self.close(desk) == .issueRefused)
    try await desk.sign(id, .approve, .refuse, ["PERSON_DECEASED"])
    #expect(try await Self.close(desk) == .refused)
  }

  @Test(arguments: TestEngine.all)
  func `of a decision that is being signed and an event one is first, never both`(
    _ engine: TestEngine
  ) async throws {
    let clock = FakeClock()
    try await engine.withStore(clock) { store in
      let desk = try await Desk(over: store, clock: clock)
      for number in 0..<8 {
        let application = "application-\(number)"
        let id = try await desk.open(application)
        for stage in [Stage.accept, .review] { try await desk.sign(id, stage) }
        async let signed: Bool = Self.isDone { try await desk.sign(id, .approve) }
        async let closed = Self.close(desk, application)
        let (isSigned, state) = (await signed, try await closed)
        #expect(state == (isSigned ? .approved : .closed), "\(number)")
        try await desk.deliver()
        let file = try await desk.read(id)
        #expect(file.state == (isSigned ? .completed : .closed))
        #expect((file.closure == nil) == isSigned && (file.outcome == nil) == !isSigned)
        let told = desk.intake.told.filter { $0.applicationID == application }
        #expect(told.map(\.sequence) == [1, 2])
      }
    }
  }

  private static func isDone<Answer>(_ call: () async throws -> Answer) async -> Bool {
    do {
      _ = try await call()
      return true
    } catch { return false }
  }

  @Test func `a closed case that was lost is closed where it comes back`() async throws {
    let desk = try await Desk()
    var request = desk.openRequest()
    request.standing = .init(
      progress: 1, state: .closed,
      clocks: .init(acceptanceDue: .init(dueOn: "2026-03-17")))
    let error = await refusal { try await desk.client.openCase(request, options: .intake) }
    #expect(error.violations.map(\.field) == ["standing.closure"])
    let closure = ModelV1.Closure(reason: .localHukou, eventOn: "2026-03-10", closedAtMs: 1)
    request.standing?.closure = closure
    let id = try await desk.client.openCase(request, options: .intake).caseID
    let file = try await desk.read(id)
    #expect(file.state == .closed && file.closure == closure)
  }

  @Test func `what is not there or says nothing is refused`() async throws {
    let desk = try await Desk()
    let unknown = await refusal { try await Self.close(desk, "application-9") }
    #expect(unknown.reason == "CASE_NOT_FOUND")
    let request = ApprovalV1.CloseCaseRequest(
      idempotencyKey: desk.key(), applicationID: "application-9")
    let empty = await refusal { try await desk.client.closeCase(request, options: .intake) }
    #expect(empty.violations.map(\.field) == ["reason", "event_on", "recorded_at_ms"])
    let early = await refusal { try await Self.close(desk, on: "2026-04-01") }
    #expect(early.violations.map(\.reason) == ["DATE_IN_FUTURE"])
  }
}
