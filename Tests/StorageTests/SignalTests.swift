import DomainModel
import Synchronization
import Testing

@testable import Storage

@Suite(.timeLimit(.minutes(10))) struct SignalTests {
  static let schema = ["CREATE TABLE thing (id $INT PRIMARY KEY) $TABLE;"]

  @Test(arguments: Backend.all)
  func `a commit wakes who waits`(_ backend: Backend) async throws {
    try await backend.withStore(Self.schema) { store in
      let mark = store.signals.mark("thing")
      async let woken: Void = store.signals.wait("thing", after: mark)
      try await store.write { $0.signal("thing") }
      try await woken
    }
  }

  @Test(arguments: Backend.all)
  func `a signal between mark and wait is not slept through`(_ backend: Backend) async throws {
    try await backend.withStore(Self.schema) { store in
      let mark = store.signals.mark("thing")
      try await store.write { $0.signal("thing") }
      try await store.signals.wait("thing", after: mark)
    }
  }

  @Test(arguments: Backend.all)
  func `a write that is not committed wakes nobody`(_ backend: Backend) async throws {
    try await backend.withStore(Self.schema) { store in
      let mark = store.signals.mark("thing")
      await #expect(throws: ServiceError.self) {
        try await store.write { transaction in
          transaction.signal("thing")
          throw ServiceError(.caseNotFound)
        }
      }
      #expect(store.signals.mark("thing") == mark)
    }
  }

  @Test(arguments: Backend.all)
  func `what is to be done after the commit is done once, in its order, or never`(
    _ backend: Backend
  ) async throws {
    try await backend.withStore(Self.schema) { store in
      let done = Mutex<[Int]>([])
      try await store.write { transaction in
        for number in 0..<3 {
          transaction.afterCommit { done.withLock { $0.append(number) } }
        }
        try transaction.execute("INSERT INTO thing (id) VALUES (1)")
        let isNothing = done.withLock(\.isEmpty)
        #expect(isNothing)
      }
      await #expect(throws: ServiceError.self) {
        try await store.write { transaction in
          transaction.afterCommit { done.withLock { $0.append(3) } }
          throw ServiceError(.caseNotFound)
        }
      }
      await #expect(throws: StorageError.self) {
        try await store.write { transaction in
          transaction.afterCommit { done.withLock { $0.append(4) } }
          try transaction.execute("INSERT INTO thing (id) VALUES (1)")
        }
      }
      let all = done.withLock(\.self)
      #expect(all == [0, 1, 2])
    }
  }

  @Test func `a cancelled wait ends`() async throws {
    let hub = SignalHub()
    let task = Task { try await hub.wait("thing", after: hub.mark("thing")) }
    await Task.yield()
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
  }

  @Test func `a wait ends at its deadline`() async throws {
    let hub = SignalHub()
    let time = FakeTime()
    let deadline = time.now().adding(milliseconds: 1_000)
    async let woken = hub.wait("thing", after: hub.mark("thing"), until: deadline, by: time)
    time.advance(1_000)
    try await expectEqual(woken, false)
  }

  @Test(arguments: Backend.all)
  func `a watcher reads at once, after a signal and after a second`(
    _ backend: Backend
  ) async throws {
    let time = FakeTime()
    try await backend.withStore(Self.schema) { store in
      var changes = Changes(of: "thing", in: store, by: time).makeAsyncIterator()
      #expect(try await changes.next() != nil)
      try await store.write { $0.signal("thing") }
      #expect(try await changes.next() != nil)
      try await withThrowingTaskGroup { group in
        group.addTask { await Self.advanceUntilCancelled(time) }
        let goesOn = try await changes.next() != nil
        group.cancelAll()
        #expect(goesOn)
      }
    }
  }

  @Test func `a finished hub ends its watchers, and lets others wait on`() async throws {
    let time = FakeTime()
    try await Backend.all[0].withStore(Self.schema) { store in
      var changes = Changes(of: "thing", in: store, by: time).makeAsyncIterator()
      #expect(try await changes.next() != nil)
      let before = store.signals.mark("thing")
      store.signals.finish()
      #expect(try await changes.next() == nil)
      var late = Changes(of: "thing", in: store, by: time).makeAsyncIterator()
      #expect(try await late.next() == nil)
      try await store.signals.wait("thing", after: before)
      let mark = store.signals.mark("thing")
      async let woken: Void = store.signals.wait("thing", after: mark)
      try await store.write { $0.signal("thing") }
      try await woken
    }
  }

  @Test func `a watcher that waits already hears that the hub is finished`() async throws {
    let hub = SignalHub()
    async let woken: Void = hub.wait("thing", after: hub.mark("thing"))
    await Task.yield()
    hub.finish()
    try await woken
  }

  /// Moves the clock on and on: the watcher takes its deadline from the clock, and nobody knows
  /// after which step it has begun to sleep. A number of steps could all be over by then, and it
  /// would sleep for ever.
  private static func advanceUntilCancelled(_ time: FakeTime) async {
    while !Task.isCancelled {
      time.advance(Changes.pollMs)
      await Task.yield()
    }
  }
}
