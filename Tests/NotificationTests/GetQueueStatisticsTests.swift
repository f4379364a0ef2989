import DomainModel
import NotificationCore
import RPC
import TestSupport
import Testing
import Wire

struct GetQueueStatisticsTests {
  private typealias Counts = [String: Int64]

  private static func counts(_ queue: NotificationFixture) async throws -> Counts {
    let answer = try await queue.client.getQueueStatistics(.init(), options: .auditor)
    return Dictionary(
      uniqueKeysWithValues: answer.counts.map { ("\($0.messageClass) \($0.state)", $0.messages) })
  }

  @Test func `what is counted with each change is what the table has`() async throws {
    let gateway = ScriptedGateway([.refused("BARRED"), .submitted(["a"])])
    let queue = try await NotificationFixture(gateway: gateway)
    #expect(try await Self.counts(queue) == [:])
    for index in 1...4 {
      _ = try await queue.client.enqueueMessage(.found(index), options: .registry)
    }
    _ = try await queue.schedule([
      .sample(after: 1, for: 2, queue.clock), .sample(after: 1, for: 48, queue.clock),
    ])
    #expect(try await Self.counts(queue) == ["result queued": 4, "reminder queued": 2])
    #expect(try await queue.assembly.deliverOnce() == 4)
    queue.clock.advance(milliseconds: 4 * 3_600_000)
    #expect(try await queue.assembly.deliverOnce() == 1)
    let counts = try await Self.counts(queue)
    #expect(
      counts == [
        "result dead": 1, "result submitted": 1, "result delivered": 2, "reminder expired": 1,
        "reminder delivered": 1,
      ])
    let listed = try await queue.client.listMessages(.init(), options: .auditor).messages
    let rows = Dictionary(grouping: listed) { "\($0.messageClass) \($0.state)" }
    #expect(rows.mapValues { Int64($0.count) } == counts)
  }

  @Test func `it says since when the oldest message could have been sent`() async throws {
    let queue = try await NotificationFixture()
    let none = try await queue.client.getQueueStatistics(.init(), options: .auditor)
    #expect(none.oldestDueAtMs == 0)
    let since = queue.clock.now().milliseconds
    _ = try await queue.enqueue(1)
    queue.clock.advance(milliseconds: 5_000)
    _ = try await queue.enqueue(2)
    let some = try await queue.client.getQueueStatistics(.init(), options: .auditor)
    #expect(some.oldestDueAtMs == since)
  }
}
