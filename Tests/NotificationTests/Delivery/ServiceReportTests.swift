import DomainModel
import NotificationGateways
import TestSupport
import Testing
import Wire

@testable import NotificationCore

/// What a case is told of its texts.
struct ServiceReportTests {
  @Test func `how each statutory notice ended is told, without number and text`() async throws {
    let queue = try await NotificationFixture(gateway: ScriptedGateway([.submitted(["a"])]))
    let id = try await queue.client.enqueueMessage(.suspended(1), options: .registry).messageID
    #expect(try await queue.assembly.deliverOnce() == 1)
    #expect(try await queue.assembly.reportOnce() == 0)
    let receipt = DeliveryReceipt(
      gateway: "scripted", providerID: "a", state: .delivered, code: "DELIVRD",
      at: Timestamp(milliseconds: 1_773_104_460_000))
    try await queue.notifications().keep([.receipt(receipt)], RetrySchedule(), jitter: 0)
    #expect(try await queue.assembly.reportOnce() == 1)
    let told = try #require(queue.intake.deliveries.first)
    #expect(told.applicationID == "application-1")
    #expect(
      told.delivery
        == IntakeV1.NoticeDelivery(
          messageID: id, templateID: "permit_suspended", templateVersion: 1, statutory: true,
          state: .delivered, enqueuedAtMs: queue.clock.now().milliseconds,
          submittedAtMs: queue.clock.now().milliseconds, endedAtMs: 1_773_104_460_000))
  }

  @Test func `of other results only what failed is told, and that it fares better`() async throws {
    let gateway = ScriptedGateway([.taken, .refused("BARRED")])
    let queue = try await NotificationFixture(gateway: gateway)
    for index in 1...2 { _ = try await queue.enqueue(index) }
    #expect(try await queue.assembly.deliverOnce() == 2)
    #expect(try await queue.assembly.reportOnce() == 1)
    #expect(queue.intake.deliveries.map(\.applicationID) == ["application-2"])
    let dead = try #require(queue.intake.deliveries.first?.delivery?.messageID)
    #expect(queue.intake.deliveries.first?.delivery?.lastError == "BARRED")
    _ = try await queue.client.replayDeadLetters(
      .init(idempotencyKey: "replay-key-0000001", messageIDs: [dead]), options: .auditor)
    #expect(try await queue.assembly.deliverOnce() == 1)
    while try await queue.assembly.reportOnce() > 0 {}
    #expect(queue.intake.states == [.failed, .queued, .delivered])
    let versions = queue.intake.deliveries.map(\.version)
    #expect(versions == versions.sorted() && Set(versions).count == versions.count)
  }

  @Test func `reminders are no matter of the case`() async throws {
    let queue = try await NotificationFixture(gateway: ScriptedGateway([.refused("BARRED")]))
    _ = try await queue.schedule([.sample(after: 0, for: 48, queue.clock)])
    #expect(try await queue.assembly.deliverOnce() == 1)
    #expect(try await queue.assembly.reportOnce() == 0)
  }
}
