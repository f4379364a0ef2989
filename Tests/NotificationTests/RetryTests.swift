import DomainModel
import NotificationGateways
import ServiceCore
import TestSupport
import Testing
import Wire

@testable import NotificationCore

struct RetryTests {
  @Test(arguments: [(1, 1_000), (2, 2_000), (5, 16_000), (11, 600_000), (1_000, 600_000)])
  func `a wait is between half of the doubled delay and all of it`(
    _ failures: Int, _ wholeMs: Int64
  ) {
    let schedule = RetrySchedule()
    let random = SeededRandom()
    let waits = (0..<1_000).map { _ in
      schedule.delayMs(failures: failures, jitter: random.next())
    }
    #expect(waits.allSatisfy { (wholeMs / 2...wholeMs).contains($0) })
    #expect(Set(waits).count > 100)
  }

  @Test func `a message is tried again after its wait and not before`() async throws {
    let gateway = ScriptedGateway([.later("BUSY"), .later("BUSY")])
    let queue = try await NotificationFixture(gateway: gateway)
    let id = try await queue.enqueue()
    for tries in 1...2 {
      #expect(try await queue.assembly.deliverOnce() == 1)
      let message = try #require(try await queue.message(id))
      #expect(message.state == .queued)
      #expect(message.lastError == "BUSY")
      #expect(Int(message.attempts) == tries)
      let now = queue.clock.now().milliseconds
      #expect(message.nextAttemptAtMs > now)
      queue.clock.advance(milliseconds: message.nextAttemptAtMs - now - 1)
      #expect(try await queue.assembly.deliverOnce() == 0)
      queue.clock.advance(milliseconds: 1)
    }
    #expect(try await queue.assembly.deliverOnce() == 1)
    #expect(try await queue.message(id)?.state == .delivered)
    #expect(try await queue.tries(id) == ["failed BUSY", "failed BUSY", "delivered"])
  }

  @Test func `after its last try a message is a dead letter`() async throws {
    var delivery = DeliverySettings()
    delivery.retries.triesMax = 3
    let gateway = ScriptedGateway(otherwise: .later("BUSY"))
    let queue = try await NotificationFixture(gateway: gateway, delivery: delivery)
    let id = try await queue.enqueue()
    for _ in 1...3 {
      #expect(try await queue.assembly.deliverOnce() == 1)
      queue.clock.advance(milliseconds: delivery.retries.delayMsMax)
    }
    #expect(try await queue.assembly.deliverOnce() == 0)
    let message = try #require(try await queue.message(id))
    #expect(message.state == .dead)
    #expect(message.attempts == 3)
    #expect(message.nextAttemptAtMs == 0)
  }

  @Test func `the loop delivers what is enqueued while it runs`() async throws {
    let queue = try await NotificationFixture()
    let assembly = queue.assembly
    try await withThrowingTaskGroup(of: Void.self) { group in
      for job in assembly.jobs { group.addTask { try await job.run() } }
      for index in 0..<100 { _ = try await queue.enqueue(index) }
      for _ in 0..<200_000 where queue.gateway.handed.count < 100 { await Task.yield() }
      group.cancelAll()
    }
    #expect(Set(queue.gateway.handed.map(\.messageID)).count == 100)
    #expect(queue.gateway.handed.count == 100)
  }
}
