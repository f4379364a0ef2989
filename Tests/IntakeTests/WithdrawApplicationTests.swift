import DomainModel
import RPC
import TestSupport
import Testing
import Wire

@testable import IntakeCore

struct WithdrawApplicationTests {
  static func withdraw(
    _ world: World, _ id: String, key: String? = nil, by caller: Caller = World.integrator
  ) async throws -> IntakeV1.WithdrawApplicationResponse {
    try await world.intake.withdrawApplication(
      .init(idempotencyKey: key ?? world.key("withdraw"), applicationID: id),
      options: world.options(caller))
  }

  private static func asked(_ world: World) throws -> [ApprovalV1.WithdrawCaseRequest] {
    try world.approval.requests(to: ApprovalV1.ApprovalServiceMethods.withdrawCase)
  }

  @Test func `the case is asked, and once it has taken it the application is withdrawn`()
    async throws
  {
    let world = try await World()
    let application = try await world.submitted()
    let id = application.applicationID
    let answer = try await Self.withdraw(world, id)
    #expect(answer.version == application.version + 1)
    let asking = try await world.get(id)
    #expect(asking.state == .submitted)
    #expect(asking.withdrawal?.requestedAtMs == answer.requestedAtMs)
    #expect(asking.withdrawal?.withdrawnAtMs == 0)
    try await world.deliver()
    let requests = try Self.asked(world)
    #expect(requests.map(\.applicationID) == [id])
    #expect(requests.first?.withdrawnAtMs == answer.requestedAtMs)
    try await world.record(
      .withdrawn(.init(withdrawnAtMs: answer.requestedAtMs)), sequence: 1, of: id)
    let withdrawn = try await world.get(id)
    #expect(withdrawn.state == .withdrawn)
    #expect(withdrawn.withdrawal?.withdrawnAtMs == answer.requestedAtMs)
    try await world.deliver()
    #expect(
      try world.toldTexts().map(\.templateID) == ["application_received", "application_withdrawn"])
    let listed = try await ListApplicationsTests.list(world, state: .withdrawn)
    #expect(listed.applications.map(\.applicationID) == [id])
    // The person may apply again.
    let again = try await world.readyDraft()
    #expect(try await world.submit(again).submitted)
  }

  @Test func `a repeat gets the first answer; another call meanwhile asks nothing more`()
    async throws
  {
    let world = try await World()
    let id = try await world.submitted().applicationID
    let key = world.key("withdraw")
    let first = try await Self.withdraw(world, id, key: key)
    #expect(try await Self.withdraw(world, id, key: key) == first)
    #expect(try await Self.withdraw(world, id) == first)
    try await world.deliver()
    #expect(try Self.asked(world).count == 1)
  }

  @Test(arguments: [ErrorReason.caseWrongState, .caseOnHold])
  func `a decision or a court's order that was first stands, and the withdrawal falls`(
    _ reason: ErrorReason
  ) async throws {
    let world = try await World()
    let id = try await world.submitted().applicationID
    _ = try await Self.withdraw(world, id)
    world.approval.refuse(
      ApprovalV1.ApprovalServiceMethods.withdrawCase, with: ServiceError(reason))
    try await world.deliver()
    let kept = try await world.get(id)
    #expect(kept.state == .submitted)
    #expect(kept.withdrawal == nil)
    try await world.record(.accepted(RecordProgressTests.acceptance), sequence: 1, of: id)
    #expect(try await world.get(id).state == .accepted)
    // What went back to an officer meanwhile may be taken back after all.
    world.approval.refuse(ApprovalV1.ApprovalServiceMethods.withdrawCase, with: nil)
    _ = try await Self.withdraw(world, id)
    try await world.deliver()
    #expect(try Self.asked(world).count == 1)
  }

  @Test func `progress that overtakes it stands`() async throws {
    let world = try await World()
    let id = try await world.submitted().applicationID
    try await world.record(.accepted(RecordProgressTests.acceptance), sequence: 1, of: id)
    _ = try await Self.withdraw(world, id)
    try await world.record(.completed(RecordProgressTests.completion), sequence: 2, of: id)
    #expect(try await world.get(id).state == .completed)
    let late = try await refusal { _ = try await Self.withdraw(world, id) }
    #expect(late.reason == "APPLICATION_WRONG_STATE")
    #expect(late.metadata["current_state"] == "completed")
  }

  @Test func `drafts, and what no officer decides, are not withdrawn`() async throws {
    let world = try await World()
    let draft = try await world.draft()
    let early = try await refusal { _ = try await Self.withdraw(world, draft.applicationID) }
    #expect(early.metadata["current_state"] == "draft")
    let loss = try await world.submitted(of: .lossReport)
    let atOnce = try await refusal { _ = try await Self.withdraw(world, loss.applicationID) }
    #expect(atOnce.metadata["current_state"] == "submitted")
  }

  @Test func `a withdrawn endorsement no longer keeps its permit from suspension`() async throws {
    let world = try await World()
    let id = try await world.submitted(of: .endorsement).applicationID
    _ = try await Self.withdraw(world, id)
    try await world.record(
      .withdrawn(.init(withdrawnAtMs: world.clock.now().milliseconds)), sequence: 1, of: id)
    try await world.deliver()
    let noted: [RegistryV1.NoteEndorsementPendingRequest] = try world.registry.orders(
      by: RegistryV1.CertificateRegistryServiceMethods.noteEndorsementPending)
    #expect(noted.last?.what == .ended(.init(outcome: .withdrawn, endedOn: "2026-03-10")))
  }

  @Test func `only whose it is takes it back; an officer, what his counter entered`() async throws {
    let world = try await World()
    let online = try await world.submitted().applicationID
    let stranger = Caller(kind: .applicant, id: "x", citizenID: guardianNumber)
    let hidden = try await refusal { _ = try await Self.withdraw(world, online, by: stranger) }
    #expect(hidden.reason == "APPLICATION_NOT_FOUND")
    let officer = World.windowOfficer
    let denied = try await refusal { _ = try await Self.withdraw(world, online, by: officer) }
    #expect(denied.reason == "OFFICER_WRONG_OFFICE")
    _ = try await Self.withdraw(world, online, by: World.applicant)
    try await world.record(.withdrawn(.init(withdrawnAtMs: 1)), sequence: 1, of: online)
    let entered = try await world.submitted(of: .cancellation, by: .window, officer)
    _ = try await Self.withdraw(world, entered.applicationID, by: officer)
  }
}
