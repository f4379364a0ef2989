import DomainModel
import NotificationCore
import RPC
import TestSupport
import Testing
import Wire

struct ResumeQueueTests {
  private static func resume(
    _ queue: NotificationFixture, _ classes: [NotificationV1.MessageClass] = []
  ) async throws -> [NotificationV1.QueuePause] {
    try await queue.client.resumeQueue(
      .init(idempotencyKey: "resume-\(queue.random.next())-key", classes: classes),
      options: .auditor
    ).pauses
  }

  @Test func `what was taken meanwhile is sent`() async throws {
    let queue = try await NotificationFixture()
    _ = try await PauseQueueTests.pause(queue)
    let id = try await queue.enqueue(1)
    let left = try await Self.resume(queue, [.result])
    #expect(left.map(\.messageClass) == [.progress, .reminder, .verification])
    #expect(try await queue.assembly.deliverOnce() == 1)
    #expect(try await queue.message(id)?.state == .delivered)
    #expect(try await Self.resume(queue) == [])
    #expect(try await Self.resume(queue) == [])
  }
}
