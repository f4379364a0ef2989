import DomainModel
import NotificationGateways
import ServiceCore
import TestSupport
import Testing
import Wire

@testable import NotificationCore

struct RetryTests {
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
      queue.clock.advance(milliseconds: delivery.retries.backoff.maxMs)
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
