import DomainModel
import RPC
import TestSupport
import Testing
import Wire

@testable import IntakeCore

struct SupplementApplicationTests {
  static func notice(_ round: Int32) -> IntakeV1.RecordProgressRequest.Step {
    .supplementNeeded(
      IntakeV1.SupplementNotice(
        notifiedAtMs: 1_773_104_400_000, reasons: RecordProgressTests.reasons, round: round))
  }

  static func supplement(
    _ world: World, _ id: String, key: String? = nil
  ) async throws -> IntakeV1.Application {
    try #require(
      try await world.intake.supplementApplication(
        .init(idempotencyKey: key ?? world.key("supplement"), applicationID: id),
        options: world.options(World.integrator)
      ).application)
  }

  @Test func `a supplement before acceptance goes back to waiting for it`() async throws {
    let world = try await World()
    let application = try await world.submitted()
    let id = application.applicationID
    try await world.record(Self.notice(1), sequence: 1, of: id)
    #expect(try await world.get(id).state == .supplementNeeded)
    #expect(try await world.get(id).notices.map(\.reasons) == [RecordProgressTests.reasons])
    world.clock.advance(milliseconds: 60_000)
    let contract = try await world.upload(
      .evidence, .labourContract, to: application, bytes: Files.pdf)
    let key = world.key("supplement")
    let next = try await Self.supplement(world, id, key: key)
    #expect(next.state == .submitted)
    let supplemented = try await world.get(id).notices.first?.supplementedAtMs
    #expect(supplemented == world.clock.now().milliseconds)
    #expect(try await Self.supplement(world, id, key: key) == next)
    try await world.deliver()
    let resumed: [ApprovalV1.ResumeClockRequest] = try world.approval.requests(
      to: ApprovalV1.ApprovalServiceMethods.resumeClock)
    #expect(resumed.count == 1)
    #expect(resumed.first?.round == 1)
    #expect(resumed.first?.materials.contains(contract) == true)
    #expect(resumed.first?.materials.count == 3)
  }

  @Test func `a notice after acceptance may have the round of one before it`() async throws {
    let world = try await World()
    let application = try await world.submitted()
    let id = application.applicationID
    try await world.record(Self.notice(1), sequence: 1, of: id)
    world.clock.advance(milliseconds: 1_000)
    try await world.upload(.photo, to: application)
    _ = try await Self.supplement(world, id)
    try await world.record(.accepted(RecordProgressTests.acceptance), sequence: 2, of: id)
    world.clock.advance(milliseconds: 1_000)
    try await world.record(Self.notice(1), sequence: 3, of: id)
    world.clock.advance(milliseconds: 1_000)
    try await world.upload(.photo, to: application, bytes: Files.png)
    let next = try await Self.supplement(world, id)
    #expect(next.state == .accepted)
    let notices = try await world.get(id).notices
    #expect(notices.count == 2)
    #expect(notices.allSatisfy { $0.supplementedAtMs > 0 })
    try await world.record(.completed(RecordProgressTests.completion), sequence: 4, of: id)
    #expect(try await world.get(id).state == .completed)
  }

  @Test func `a supplement without anything new is none, and its key stays free`() async throws {
    let world = try await World()
    let application = try await world.submitted()
    let id = application.applicationID
    world.clock.advance(milliseconds: 1_000)
    try await world.record(Self.notice(1), sequence: 1, of: id)
    let key = world.key("supplement")
    let error = try await refusal { _ = try await Self.supplement(world, id, key: key) }
    #expect(error.told == ["materials SUPPLEMENT_MISSING"])
    try await world.upload(.photo, to: application)
    #expect(try await Self.supplement(world, id, key: key).state == .submitted)
  }

  @Test func `nothing is supplemented that was not asked for`() async throws {
    let world = try await World()
    let id = try await world.submitted().applicationID
    let error = try await refusal { _ = try await Self.supplement(world, id) }
    #expect(error.metadata["current_state"] == "submitted")
  }
}
