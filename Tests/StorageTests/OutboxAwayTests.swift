import DomainModel
import Synchronization
import Testing

@testable import Storage

/// A destination that cannot be reached, with very much owed to it.
@Suite struct OutboxAwayTests {
  private static let nobody = ServiceError(code: .unavailable, message: "There is no connection.")
  private static let lanes = 500

  /// Who receives: one destination that can be away, and one that is there.
  private final class Receivers: Sendable {
    let isAway = Mutex(true)
    let attempts = Mutex(0)
    let sent = Mutex<[String]>([])

    func receive(_ message: OutboxMessage) throws -> [UInt8] {
      if message.destination == "away" {
        self.attempts.withLock { $0 += 1 }
        if self.isAway.withLock(\.self) { throw OutboxAwayTests.nobody }
      }
      self.sent.withLock { $0.append(message.lane) }
      return []
    }
  }

  private static func dispatcher(
    _ fixture: OutboxFixture, _ receivers: Receivers
  ) -> OutboxDispatcher {
    var limits = OutboxLimits()
    limits.lanesMax = 8
    limits.claimMax = 4
    return OutboxDispatcher(
      store: fixture.store, outbox: fixture.outbox,
      effects: OutboxEffects { try receivers.receive($0) }, limits: limits,
      environment: .init(
        owner: "one", time: fixture.time, random: SeededRandom(), logger: .silent))
  }

  @Test(arguments: Backend.all)
  func `it is tried with one lane now and then, and all goes once it is back`(
    _ backend: Backend
  ) async throws {
    try await OutboxFixture.run(backend) { fixture in
      let receivers = Receivers()
      try await fixture.enqueue((0..<Self.lanes).map { "x\($0)/1" }, to: "away")
      try await withThrowingTaskGroup(of: Void.self) { group in
        let dispatcher = Self.dispatcher(fixture, receivers)
        group.addTask { do { try await dispatcher.run() } catch is CancellationError {} }
        while receivers.attempts.withLock(\.self) < 8 { await Task.yield() }
        // A minute in steps, each of which lets whatever is due be done.
        for step in 0..<60 {
          fixture.time.advance(1_000)
          try await fixture.enqueue(["y\(step)/1"])
          while receivers.sent.withLock({ $0.count }) <= step { await Task.yield() }
        }
        // Each lane by itself would have been tried eight times by now.
        #expect(receivers.attempts.withLock(\.self) < Self.lanes / 5)
        receivers.isAway.withLock { $0 = false }
        while try await fixture.depth().messages > 0 {
          fixture.time.advance(1_000)
          await Task.yield()
        }
        group.cancelAll()
        try await group.waitForAll()
      }
      let arrived = receivers.sent.withLock { $0.filter { $0.hasPrefix("x") } }
      // A lease that the clock overtakes while the machine is busy has its message sent again.
      #expect(Set(arrived).count == Self.lanes)
    }
  }
}
