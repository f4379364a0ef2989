import DomainModel
import RPC
import TestSupport
import Testing
import Wire

@testable import CertificateRegistryCore

struct SuspensionTimerTests {
  private static func events(
    _ registry: RegistryFixture, of permit: RegistryV1.Permit
  ) async throws -> [RegistryV1.PermitEvent] {
    try await registry.client.getPermitHistory(
      .init(certificateIdentifier: permit.certificateIdentifier), options: .auditor
    ).events
  }

  @Test func `a suspension is written once, dated to its first instant, and told`() async throws {
    let (registry, permit) = try await RegistryFixture.issued()
    registry.clock.set(try .noon("2027-03-10"))
    #expect(try await registry.assembly.noteSuspensions() == 0)
    // The process was down when the year ended.
    registry.clock.set(try .noon("2027-05-01"))
    #expect(try await registry.assembly.noteSuspensions() == 1)
    #expect(try await registry.assembly.noteSuspensions() == 0)
    let event = try #require(try await Self.events(registry, of: permit).last)
    #expect(event.action == "suspend_permit" && event.actor == "system")
    #expect(event.atMs == (try #require(CivilDate(iso: "2027-03-11"))).startOfDay.milliseconds)
    #expect(event.state == .suspended)
    #expect(event.detail.hasPrefix("from 2027-03-11"))
    let told = try #require(try await registry.told().last)
    #expect(told.templateID == "permit_suspended")
    #expect(told.values.contains { $0.name == "suspended_from" && $0.value == "2027年3月11日" })
  }

  @Test func `verification says suspended at the first instant though no timer has run`()
    async throws
  {
    let (registry, permit) = try await RegistryFixture.issued()
    let midnight = try #require(CivilDate(iso: "2027-03-11")).startOfDay
    for (instant, state) in [
      (midnight.adding(milliseconds: -1), RegistryV1.PermitState.endorsementWindow),
      (midnight, .suspended),
    ] {
      registry.clock.set(instant)
      let found = try await registry.client.getPermit(
        .init(certificateIdentifier: permit.certificateIdentifier), options: .auditor)
      #expect(found.permit?.state == state)
    }
  }

  @Test func `one whose endorsement is pending is passed over, and written once it is refused`()
    async throws
  {
    let (registry, permit) = try await RegistryFixture.issued()
    registry.clock.set(try .noon("2027-03-10"))
    _ = try await registry.client.noteEndorsementPending(
      .init(
        idempotencyKey: "pending-key-of-person-1",
        certificateIdentifier: permit.certificateIdentifier, applicationID: "application-2",
        what: .submittedOn("2027-03-10")),
      options: .intake)
    registry.clock.set(try .noon("2027-04-01"))
    #expect(try await registry.assembly.noteSuspensions() == 0)
    _ = try await registry.client.noteEndorsementPending(
      .init(
        idempotencyKey: "pending-end-key-of-person-1",
        certificateIdentifier: permit.certificateIdentifier, applicationID: "application-2",
        what: .ended(.init(outcome: .refused, endedOn: "2027-04-01"))),
      options: .intake)
    #expect(try await registry.assembly.noteSuspensions() == 0)
    registry.clock.set(try .noon("2027-04-02"))
    #expect(try await registry.assembly.noteSuspensions() == 1)
  }

  @Test func `more than one transaction takes are all written, and a cancelled one is not`()
    async throws
  {
    let registry = try await RegistryFixture()
    registry.clock.set(try .noon("2026-03-10"))
    let count = SuspensionTimer.batchMax + 10
    for person in 0..<count { _ = try await registry.issue(person) }
    let permits = try await registry.client.findPermits(
      .init(page: .init(size: 1)), options: .auditor
    ).permits
    let first = try #require(permits.first)
    _ = try await registry.client.cancelPermit(
      .init(
        idempotencyKey: "cancel-key-of-the-first",
        certificateIdentifier: first.certificateIdentifier, order: .sample("2026-03-10"),
        reason: .ownRequest),
      options: .approval)
    registry.clock.set(try .noon("2027-03-11"))
    #expect(try await registry.assembly.noteSuspensions() == count - 1)
    #expect(try await registry.assembly.noteSuspensions() == 0)
  }

  @Test func `endorsed late, the suspension has ended and its days are not counted`() async throws {
    let (registry, permit) = try await RegistryFixture.issued()
    registry.clock.set(try .noon("2027-03-20"))
    #expect(try await registry.assembly.noteSuspensions() == 1)
    let endorsed = try await registry.endorse(permit, on: "2027-03-20")
    #expect(endorsed.suspendedDays == 9)
    #expect(endorsed.suspensionNotedFromOn.isEmpty)
    #expect(
      try await registry.told().map(\.templateID) == [
        "permit_issued", "permit_suspended", "permit_restored",
      ])
  }

  @Test func `within the first hour nothing is written, for word may still arrive`() async throws {
    let (registry, _) = try await RegistryFixture.issued()
    let midnight = try #require(CivilDate(iso: "2027-03-11")).startOfDay
    registry.clock.set(midnight.adding(milliseconds: SuspensionTimer.graceMs - 1))
    #expect(try await registry.assembly.noteSuspensions() == 0)
    registry.clock.set(midnight.adding(milliseconds: SuspensionTimer.graceMs))
    #expect(try await registry.assembly.noteSuspensions() == 1)
  }

  @Test func `what was done before it was written down stands above it`() async throws {
    let (registry, permit) = try await RegistryFixture.issued()
    registry.clock.set(try .noon("2027-03-15"))
    _ = try await registry.client.reportLoss(
      .init(
        idempotencyKey: "loss-key-of-person-1",
        certificateIdentifier: permit.certificateIdentifier, order: .holder("2027-03-15")),
      options: .intake)
    registry.clock.set(try .noon("2027-03-16"))
    #expect(try await registry.assembly.noteSuspensions() == 1)
    let events = try await Self.events(registry, of: permit)
    #expect(events.map(\.action) == ["issue_permit", "report_loss", "suspend_permit"])
    #expect(events.map(\.atMs) == events.map(\.atMs).sorted())
  }
}
