import DomainModel
import Storage
import Synchronization
import TestSupport
import Testing

struct RetrierTests {
  private let clock = FakeClock()

  private var retrier: Retrier {
    Retrier(Backoff(firstMs: 100, maxMs: 400), time: self.clock, random: SeededRandom())
  }

  /// Moves the clock to each sleeper's time until the body's task has ended.
  private func untilDone<Value: Sendable>(
    _ body: @escaping @Sendable () async throws -> Value
  ) async throws -> Value {
    let isDone = Mutex(false)
    async let value = {
      defer { isDone.withLock { $0 = true } }
      return try await body()
    }()
    while !isDone.withLock({ $0 }) {
      if let wake = self.clock.earliestWake { self.clock.set(wake) }
      await Task.yield()
    }
    return try await value
  }

  @Test(arguments: [
    ServiceError(.storeUnavailable) as any Error, ServiceError(.overloaded),
    StorageError.unavailable("the server went away"), StorageError.full("no space"),
  ])
  func `what an outage kept from being done is done again`(_ outage: any Error) async throws {
    let tries = Mutex(0)
    let retrier = self.retrier
    let deadline = self.clock.now().adding(milliseconds: 15_000)
    let done = try await self.untilDone {
      try await retrier.keepTrying(until: deadline) {
        let attempt = tries.withLock { count in
          count += 1
          return count
        }
        if attempt < 20 { throw outage }
        return attempt
      }
    }
    #expect(done == 20)
    #expect(self.clock.now() < deadline)
  }

  @Test func `it is not done again at the deadline or later`() async throws {
    let last = Mutex(self.clock.now())
    let (retrier, clock) = (self.retrier, self.clock)
    let deadline = clock.now().adding(milliseconds: 2_000)
    await #expect(throws: ServiceError.self) {
      try await self.untilDone {
        try await retrier.keepTrying(until: deadline) {
          last.withLock { $0 = clock.now() }
          throw ServiceError(.storeUnavailable)
        }
      }
    }
    #expect(last.withLock { $0 } < deadline)
    #expect(last.withLock { $0 } >= deadline.adding(milliseconds: -400))
  }

  @Test(arguments: [
    ServiceError(.requestInvalid) as any Error, StorageError.uniqueViolation(constraint: "one"),
    CancellationError(),
  ])
  func `what waiting does not mend is thrown at once`(_ error: any Error) async throws {
    let tries = Mutex(0)
    await #expect(throws: (any Error).self) {
      try await self.retrier.keepTrying(until: self.clock.now().adding(milliseconds: 15_000)) {
        tries.withLock { $0 += 1 }
        throw error
      }
    }
    #expect(tries.withLock { $0 } == 1)
    #expect(self.clock.sleeperCount == 0)
  }
}
