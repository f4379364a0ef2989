import DomainModel
import RPC
import Storage
import TestSupport
import Testing
import Wire

@testable import IntakeCore

struct RecordPersonEventTests {
  private static let registry = Caller(service: .registry)

  /// What the registry says of the adult: of a death, or of a hukou in a division.
  private static func record(
    _ world: World, hukou division: String? = nil, key: String? = nil,
    _ change: (inout IntakeV1.RecordPersonEventRequest) -> Void = { _ in }
  ) async throws -> [String] {
    var request = IntakeV1.RecordPersonEventRequest(
      idempotencyKey: key ?? world.key("person-event"), citizenIDs: [adultNumber],
      reason: division == nil ? .death : .localHukou, eventOn: "2026-03-09",
      divisionCode: division ?? "", recordedAtMs: world.clock.now().milliseconds,
      source: "人口管理部门", reference: "2026-000123")
    change(&request)
    return try await world.progress.recordPersonEvent(
      request, options: world.options(Self.registry)
    ).applicationIDs
  }

  private static func asked(_ world: World) throws -> [ApprovalV1.CloseCaseRequest] {
    try world.approval.requests(to: ApprovalV1.ApprovalServiceMethods.closeCase)
  }

  private static func closed(
    _ world: World, _ reason: ModelV1.ClosureReason, sequence: Int64 = 1, _ id: String
  ) async throws {
    try await world.record(
      .closed(
        .init(
          reason: reason, eventOn: "2026-03-09", closedAtMs: world.clock.now().milliseconds)),
      sequence: sequence, of: id)
  }

  @Test(arguments: TestEngine.all)
  func `the case is asked to close, and once it has the application says so`(
    _ engine: TestEngine
  ) async throws {
    let first = try await World()
    try await engine.withStore(first.clock) { store in
      let world = try await World(again: first, over: store)
      let application = try await world.submitted()
      let id = application.applicationID
      let recordedAt = world.clock.now()
      let key = world.key("person-event")
      #expect(try await Self.record(world, hukou: "330105", key: key) == [id])
      // A repeat gets the first answer, and another report of the same asks for nothing more.
      #expect(try await Self.record(world, hukou: "330105", key: key) == [id])
      #expect(try await Self.record(world, hukou: "330105") == [])
      try await world.deliver()
      let requests = try Self.asked(world)
      #expect(requests.map(\.applicationID) == [id])
      #expect(requests.first?.reason == .localHukou && requests.first?.eventOn == "2026-03-09")
      #expect(requests.first?.recordedAtMs == recordedAt.milliseconds)
      let asked = try await world.get(id)
      #expect(asked.state == .submitted && asked.closure == nil)
      #expect(asked.version == application.version + 1)
      try await Self.closed(world, .localHukou, id)
      let closed = try await world.get(id)
      #expect(closed.state == .closed)
      #expect(
        closed.closure
          == .init(
            reason: .localHukou, eventOn: "2026-03-09",
            closedAtMs: world.clock.now().milliseconds))
      try await world.deliver()
      let texts = try world.toldTexts()
      #expect(texts.map(\.templateID) == ["application_received", "application_closed"])
      #expect(texts.last?.values.contains { $0.value == "2026年3月9日" } == true)
      // He may apply for something else.
      #expect(try await world.submit(world.readyDraft()).submitted)
    }
  }

  @Test func `the dead are told nothing, and of one that was decided neither`() async throws {
    let world = try await World()
    let id = try await world.submitted().applicationID
    try await world.record(.accepted(RecordProgressTests.acceptance), sequence: 1, of: id)
    #expect(try await Self.record(world) == [id])
    // The case had been decided, and its officer ends it.
    try await world.record(
      .refused(.init(decidedAtMs: 1_773_200_000_000, reasons: RecordProgressTests.reasons)),
      sequence: 2, of: id)
    try await world.deliver()
    #expect(try await world.get(id).closure == nil)
    #expect(
      try world.toldTexts().map(\.templateID) == ["application_received", "application_accepted"])
    let other = try await World()
    let closed = try await other.submitted().applicationID
    _ = try await Self.record(other)
    try await Self.closed(other, .death, closed)
    try await other.deliver()
    #expect(try await other.get(closed).state == .closed)
    #expect(try other.toldTexts().map(\.templateID) == ["application_received"])
  }

  @Test func `another unit's hukou closes nothing`() async throws {
    let world = try await World()
    let id = try await world.submitted().applicationID
    // Another city, another province.
    for division in ["331123", "361121"] {
      #expect(try await Self.record(world, hukou: division) == [])
    }
    try await world.deliver()
    #expect(try Self.asked(world).isEmpty)
    #expect(try await world.get(id).state == .submitted)
  }

  @Test func `he is found by every number, and what came later is the registry's to refuse`()
    async throws
  {
    let world = try await World()
    let before = world.clock.now()
    world.clock.advance(milliseconds: 1_000)
    let id = try await world.submitted().applicationID
    let late = try await Self.record(world) { $0.recordedAtMs = before.milliseconds }
    #expect(late == [])
    let found = try await Self.record(world) { $0.citizenIDs = [childNumber, adultNumber] }
    #expect(found == [id])
    let nobody = try await Self.record(world) { $0.citizenIDs = [childNumber] }
    #expect(nobody == [])
  }

  @Test func `a withdrawal under way falls, and drafts stay`() async throws {
    let world = try await World()
    let draft = try await world.readyDraft().applicationID
    let id = try await world.submitted().applicationID
    _ = try await WithdrawApplicationTests.withdraw(world, id)
    #expect(try await Self.record(world) == [id])
    try await Self.closed(world, .death, id)
    let closed = try await world.get(id)
    #expect(closed.state == .closed && closed.withdrawal == nil)
    #expect(try await world.get(draft).state == .draft)
    // Approval's refusal of the withdrawal comes late, and changes nothing.
    world.approval.refuse(
      ApprovalV1.ApprovalServiceMethods.withdrawCase, with: ServiceError(.caseWrongState))
    try await world.deliver()
    #expect(try await world.get(id).version == closed.version)
  }

  @Test func `every defect is told at once`() async throws {
    let world = try await World()
    let empty = await #expect(throws: ServiceError.self) {
      try await Self.record(world) { $0 = .init(idempotencyKey: $0.idempotencyKey) }
    }
    #expect(
      empty?.violations.map(\.field) == [
        "citizen_ids", "reason", "event_on", "recorded_at_ms", "source", "reference",
      ])
    let wrong = await #expect(throws: ServiceError.self) {
      try await Self.record(world) {
        $0.citizenIDs = (0...200).map { "\($0)" }
        $0.eventOn = "2026-03-20"
        $0.divisionCode = "330106"
      }
    }
    #expect(
      wrong?.violations.map { "\($0.field) \($0.reason)" } == [
        "citizen_ids NUMBER_OUT_OF_RANGE", "event_on DATE_IN_FUTURE",
        "division_code FIELD_NOT_WANTED",
      ])
  }

  @Test(arguments: [World.integrator, World.approval, World.auditor, World.applicant])
  func `only the registry tells of persons`(_ caller: Caller) async throws {
    let world = try await World()
    let error = await #expect(throws: ServiceError.self) {
      try await world.progress.recordPersonEvent(.init(), options: world.options(caller))
    }
    #expect(error?.reason == "CALLER_NOT_ALLOWED")
  }
}
