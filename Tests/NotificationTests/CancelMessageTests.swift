import DomainModel
import RPC
import TestSupport
import Testing
import Wire

@testable import NotificationCore

struct CancelMessageTests {
  private static func cancel(
    _ queue: NotificationFixture, _ key: String, by caller: CallOptions = .registry
  ) async throws -> NotificationV1.CancelMessageResponse {
    try await queue.client.cancelMessage(
      .init(idempotencyKey: "cancel-key-\(queue.random.next())", messageKey: key),
      options: caller)
  }

  @Test func `what waits is cancelled, and nobody gets it`() async throws {
    let queue = try await NotificationFixture()
    let id = try await queue.enqueue(1)
    let answer = try await Self.cancel(queue, "permit-issued-key-1")
    #expect(answer.messageID == id && answer.cancelled && answer.state == .cancelled)
    #expect(try await queue.assembly.deliverOnce() == 0)
    let again = try await Self.cancel(queue, "permit-issued-key-1")
    #expect(again.cancelled && again.state == .cancelled)
    let counted = try await queue.client.getQueueStatistics(.init(), options: .auditor)
    #expect(counted.counts.map(\.state) == [.cancelled])
  }

  @Test func `what the gateway has is not called back, and not tried again`() async throws {
    let queue = try await NotificationFixture()
    let id = try await queue.enqueue(1)
    let claimed = try #require(try await queue.claim(by: "a").first)
    let answer = try await Self.cancel(queue, "permit-issued-key-1")
    #expect(!answer.cancelled && answer.state == .queued)
    let report = TryReport(
      gateway: "scripted", answer: .refused(code: "BUSY", isForGood: false), providerIDs: [],
      repeats: 0)
    _ = try await queue.notifications().settle(claimed, report, RetrySchedule(), jitter: 0)
    queue.clock.advance(milliseconds: 600_000)
    #expect(try await queue.assembly.deliverOnce() == 0)
    #expect(try await queue.message(id)?.state == .expired)
  }

  @Test func `one that may be with a provider is cancelled without certainty`() async throws {
    let queue = try await NotificationFixture(gateway: ScriptedGateway([.silent]))
    _ = try await queue.enqueue(1)
    #expect(try await queue.assembly.deliverOnce() == 1)
    let answer = try await Self.cancel(queue, "permit-issued-key-1")
    #expect(!answer.cancelled && answer.state == .cancelled)
  }

  @Test func `one that was delivered stays so`() async throws {
    let queue = try await NotificationFixture()
    _ = try await queue.enqueue(1)
    #expect(try await queue.assembly.deliverOnce() == 1)
    let answer = try await Self.cancel(queue, "permit-issued-key-1")
    #expect(!answer.cancelled && answer.state == .delivered)
  }

  @Test(arguments: [
    ("permit-issued-key-2", CallOptions.registry, "MESSAGE_NOT_FOUND"),
    ("permit-issued-key-1", CallOptions.calling(.service, "intake"), "MESSAGE_NOT_FOUND"),
    ("short", CallOptions.registry, "REQUEST_INVALID"),
  ])
  func `nobody cancels what is not his`(
    _ key: String, _ caller: CallOptions, _ reason: String
  ) async throws {
    let queue = try await NotificationFixture()
    _ = try await queue.enqueue(1)
    let error = await #expect(throws: ServiceError.self) {
      try await Self.cancel(queue, key, by: caller)
    }
    #expect(error?.reason == reason)
  }
}
