import DomainModel
import RPC
import TestSupport
import Testing
import Wire

@testable import CertificateRegistryCore

struct PermitRemindersTests {
  /// What waits after a step: nil where the step replaced nothing.
  private static func waiting(
    _ registry: RegistryFixture, _ step: () async throws -> Void
  ) async throws -> [NotificationV1.ScheduledMessage]? {
    _ = try await registry.told()
    let before = registry.notification.schedules.count
    try await step()
    _ = try await registry.told()
    let after = registry.notification.schedules.dropFirst(before)
    #expect(after.count <= 1)
    return after.last?.messages
  }

  @Test func `an issued permit is reminded of when its window opens and before it closes`()
    async throws
  {
    let (registry, permit) = try await RegistryFixture.issued()
    _ = try await registry.told()
    let schedule = try #require(registry.notification.schedules.last)
    #expect(schedule.scheduleKey == permit.caseID)
    #expect(schedule.messages.map(\.templateID) == ["endorsement_open", "endorsement_closing"])
    let days = try ["2027-02-10", "2027-03-03"].map { try #require(CivilDate(iso: $0)) }
    let nine: Int64 = 9 * 3_600_000
    #expect(
      schedule.messages.map(\.notBeforeMs) == days.map { $0.startOfDay.milliseconds + nine })
    #expect(schedule.messages.allSatisfy { $0.phone == "13800138000" })
  }

  @Test func `who has endorsed is reminded in the next year, who lost or gave it up not at all`()
    async throws
  {
    let (registry, permit) = try await RegistryFixture.issued()
    registry.clock.set(try .noon("2027-02-20"))
    let endorsed = try await Self.waiting(registry) {
      _ = try await registry.endorse(permit, on: "2027-02-20")
    }
    let opens = try #require(CivilDate(iso: "2028-02-10")).startOfDay.milliseconds
    #expect(endorsed?.first?.notBeforeMs == opens + 9 * 3_600_000)
    let lost = try await Self.waiting(registry) {
      _ = try await registry.client.reportLoss(
        .init(
          idempotencyKey: "loss-key-of-person-1",
          certificateIdentifier: permit.certificateIdentifier, order: .holder("2027-02-20")),
        options: .intake)
    }
    #expect(lost == [])
    let cancelled = try await Self.waiting(registry) {
      _ = try await registry.client.cancelPermit(
        .init(
          idempotencyKey: "cancel-key-of-person-1",
          certificateIdentifier: permit.certificateIdentifier,
          order: .sample("2027-02-20", reason: "本人申请"), reason: .ownRequest),
        options: .approval)
    }
    #expect(cancelled == nil)
  }

  @Test func `while an endorsement is pending nobody is reminded, after its refusal again`()
    async throws
  {
    let (registry, permit) = try await RegistryFixture.issued()
    registry.clock.set(try .noon("2027-02-12"))
    func note(
      _ what: RegistryV1.NoteEndorsementPendingRequest.What, _ key: String
    ) async throws {
      _ = try await registry.client.noteEndorsementPending(
        .init(
          idempotencyKey: key, certificateIdentifier: permit.certificateIdentifier,
          applicationID: "application-2", what: what), options: .intake)
    }
    let pending = try await Self.waiting(registry) {
      try await note(.submittedOn("2027-02-12"), "pending-key-of-person-1")
    }
    #expect(pending == [])
    let refused = try await Self.waiting(registry) {
      try await note(
        .ended(.init(outcome: .refused, endedOn: "2027-02-12")), "refused-key-of-person-1")
    }
    #expect(refused?.map(\.templateID) == ["endorsement_closing"])
  }

  @Test func `the reminders follow the holder's number, and a conversion ends those before`()
    async throws
  {
    let (registry, permit) = try await RegistryFixture.issued()
    let moved = try await Self.waiting(registry) {
      _ = try await registry.client.changePermitContact(
        .init(
          idempotencyKey: "contact-key-of-person-1",
          certificateIdentifier: permit.certificateIdentifier, order: .holder("2026-03-10"),
          phone: "13900139000"), options: .intake)
    }
    #expect(moved?.map(\.phone) == ["13900139000", "13900139000"])
    _ = try await registry.client.convertPermit(
      .sample(1, kind: .existingPermit), options: .approval)
    _ = try await registry.told()
    let last = registry.notification.schedules.suffix(2)
    #expect(last.first { $0.scheduleKey == permit.caseID }?.messages == [])
    #expect(last.first { $0.scheduleKey != permit.caseID }?.messages.count == 2)
  }
}
