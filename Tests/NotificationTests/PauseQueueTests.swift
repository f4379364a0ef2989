import DomainModel
import NotificationCore
import RPC
import TestSupport
import Testing
import Wire

struct PauseQueueTests {
  static func pause(
    _ queue: NotificationFixture, _ classes: [NotificationV1.MessageClass] = [],
    reason: String = "provider is away"
  ) async throws -> [NotificationV1.QueuePause] {
    try await queue.client.pauseQueue(
      .init(
        idempotencyKey: "pause-\(queue.random.next())-key", classes: classes, reason: reason),
      options: .auditor
    ).pauses
  }

  @Test func `a class that is stopped is taken and not sent`() async throws {
    let queue = try await NotificationFixture()
    let pauses = try await Self.pause(queue, [.result])
    #expect(pauses.map(\.messageClass) == [.result])
    #expect(pauses[0].pausedBy == "auditor:auditor-1" && pauses[0].reason == "provider is away")
    _ = try await queue.enqueue(1)
    _ = try await queue.schedule([.sample(after: 0, for: 48, queue.clock)])
    #expect(try await queue.assembly.deliverOnce() == 1)
    // Stopped again it stays as it was.
    queue.clock.advance(milliseconds: 1_000)
    #expect(try await Self.pause(queue, [.result], reason: "another") == pauses)
  }

  @Test func `no class means all`() async throws {
    let queue = try await NotificationFixture()
    #expect(try await Self.pause(queue).count == 4)
    _ = try await queue.enqueue(1)
    #expect(try await queue.assembly.deliverOnce() == 0)
  }

  @Test func `every defect is told`() async throws {
    let queue = try await NotificationFixture()
    let error = await #expect(throws: ServiceError.self) {
      try await Self.pause(queue, [.unspecified], reason: "")
    }
    #expect(
      error?.violations.map { "\($0.field) \($0.reason)" }
        == ["reason FIELD_MISSING", "classes[0] VALUE_UNKNOWN"])
  }
}
