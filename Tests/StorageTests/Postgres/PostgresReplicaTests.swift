import DomainModel
import Storage
import StoragePostgres
import Synchronization
import TestSupport
import Testing

/// Several stores on one database, as replicas of one service have it.
@Suite(.onPostgres) struct PostgresReplicaTests {
  static let replicas = 3

  /// Stores on one schema that has been made.
  private static func run(
    _ schema: [String], _ body: ([PostgresStore]) async throws -> Void
  ) async throws {
    try await withTestServer { test in
      try await test.withSchema { server in
        let stores = try (0..<Self.replicas).map { _ in try TestServer.open(server) }
        do {
          try await Migrator([Migration("test", schema)]).migrate(
            stores[0], now: MigratorTests.now)
          try await body(stores)
        } catch {
          for store in stores { await store.close() }
          throw error
        }
        for store in stores { await store.close() }
      }
    }
  }

  /// Without a poll: only a wake-up can end the wait.
  @Test(arguments: [("one", ["one"]), ("王 'x\"", ["other", "王 'x\""])])
  func `who waits on one replica is woken by a commit on another`(
    _ row: (wanted: String, signalled: [String])
  ) async throws {
    try await Self.run(SignalTests.schema) { stores in
      // Each hears the others from its keeper's first round on.
      for store in stores { try await Self.waitUntilHearing(stores, store) }
      for (here, there) in [(0, 1), (2, 0)] {
        let topic = Topic(row.wanted)
        let mark = stores[there].signals.mark(topic)
        async let woken: Void = stores[there].signals.wait(topic, after: mark)
        let signalled = row.signalled
        try await stores[here].write { transaction in
          for name in signalled { transaction.signal(Topic(name)) }
        }
        try await woken
      }
    }
  }

  /// Signals from another store until this one has heard.
  private static func waitUntilHearing(
    _ stores: [PostgresStore], _ listener: PostgresStore
  ) async throws {
    for speaker in stores where speaker !== listener {
      let mark = listener.signals.mark("begin")
      while listener.signals.mark("begin") == mark {
        try await speaker.write { $0.signal("begin") }
        try await Task.sleep(for: .milliseconds(10))
      }
    }
  }

  @Test func `a watcher on one replica sees the change made on another`() async throws {
    try await Self.run(SignalTests.schema) { stores in
      var changes = Changes(of: "thing", in: stores[0], by: WallClock()).makeAsyncIterator()
      var seen = 0
      for id in 1...20 {
        try await stores[1 + id % 2].write { transaction in
          try transaction.execute("INSERT INTO thing (id) VALUES (\(id))")
          transaction.signal("thing")
        }
        while seen < id {
          _ = try await changes.next()
          seen = try await stores[0].count("SELECT id FROM thing")
        }
        #expect(seen == id)
      }
    }
  }

  /// What was received: once each, in the order it was owed.
  private final class Receiver: Sendable {
    private struct State {
      var byLane: [String: [Int]] = [:]
      var answered: Set<String> = []
      var repeats = 0
    }

    private let state = Mutex(State())

    var byLane: [String: [Int]] { self.state.withLock { $0.byLane } }
    var count: Int { self.state.withLock { $0.answered.count } }
    var repeats: Int { self.state.withLock { $0.repeats } }

    /// Takes effect once for a key, as an inbox does.
    func receive(_ message: OutboxMessage) {
      let number = Int(String(decoding: message.payload, as: UTF8.self)) ?? -1
      self.state.withLock { state in
        guard state.answered.insert(message.idempotencyKey).inserted else {
          state.repeats += 1
          return
        }
        state.byLane[message.lane, default: []].append(number)
      }
    }
  }

  private static let rows = 10_000
  private static let keys = 100
  private static let leaseMs: Int64 = 1_500
  /// How many rows one transaction owes.
  private static let batch = 5

  /// Every replica sends; now and then a send stalls for longer than its lease, so that another
  /// replica sends the same message, and the late one's answer must have no effect.
  @Test func `order holds for each key with three replicas and stalls longer than the lease`()
    async throws
  {
    try await Self.run(OutboxFixture.schema) { stores in
      let outbox = Outbox(sealer: FakeSealer())
      let receiver = Receiver()
      let random = SeededRandom(7)
      var limits = OutboxLimits()
      limits.leaseMs = Self.leaseMs
      let effects = OutboxEffects { message in
        let isStalled = random.bytes(2).reduce(0) { ($0 << 8) | Int($1) } % 1_000 == 0
        receiver.receive(message)
        if isStalled { try await Task.sleep(for: .milliseconds(Self.leaseMs + 500)) }
        return message.payload
      }
      let dispatchers = stores.enumerated().map { number, store in
        OutboxDispatcher(
          store: store, outbox: outbox, effects: effects, limits: limits,
          environment: .init(
            owner: "replica \(number)", time: WallClock(), random: SeededRandom(), logger: .silent))
      }
      try await withThrowingTaskGroup(of: Void.self) { group in
        for dispatcher in dispatchers {
          group.addTask {
            do { try await dispatcher.run() } catch is CancellationError {}
          }
        }
        try await Self.owe(outbox, stores)
        while try await stores[0].read({ try outbox.depth($0).messages }) > 0 {
          try await Task.sleep(for: .milliseconds(50))
        }
        group.cancelAll()
        try await group.waitForAll()
      }
      #expect(receiver.count == Self.rows)
      #expect(receiver.repeats > 0, "no send stalled for longer than its lease")
      for (_, numbers) in receiver.byLane {
        #expect(numbers == Array(0..<(Self.rows / Self.keys)))
      }
      #expect(receiver.byLane.count == Self.keys)
      try await expectEqual(stores[0].count("SELECT key FROM outbox_lane"), 0)
    }
  }

  /// Owes all rows: the lanes side by side, each lane's from every replica in turn and in order.
  private static func owe(_ outbox: Outbox, _ stores: [PostgresStore]) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for key in 0..<Self.keys {
        group.addTask {
          for first in stride(from: 0, to: Self.rows / Self.keys, by: Self.batch) {
            let store = stores[(key + first / Self.batch) % stores.count]
            try await Self.owe(outbox, store, key: key, from: first)
          }
        }
      }
      try await group.waitForAll()
    }
  }

  /// One transaction; a caller that is told to come back later does so.
  private static func owe(
    _ outbox: Outbox, _ store: PostgresStore, key: Int, from first: Int
  ) async throws {
    while true {
      do {
        return try await store.write { transaction in
          for number in first..<(first + Self.batch) {
            let message = OutboxMessage(
              lane: "key \(key)", destination: "approval", method: "/m",
              payload: Array("\(number)".utf8), idempotencyKey: "key \(key) message \(number)")
            try outbox.enqueue(transaction, message, now: MigratorTests.now)
          }
        }
      } catch let error as ServiceError where error.code == .unavailable {
        try await Task.sleep(for: .milliseconds(20))
      }
    }
  }

  @Test func `a call that reaches three replicas at once has one effect`() async throws {
    try await Self.run(InboxTests.schema) { stores in
      let inbox = Inbox(sealer: FakeSealer())
      for round in 0..<10 {
        let call = try InboxCall(
          caller: "service:intake", method: "/m", key: "0123456789abcdef-\(round)",
          fingerprint: [1])
        let answers = try await withThrowingTaskGroup(of: [UInt8].self) { group in
          for store in stores + stores {
            group.addTask {
              try await store.write { transaction in
                try inbox.answerOnce(transaction, call, now: InboxTests.now) {
                  try transaction.execute("INSERT INTO effect (reply) VALUES ('done')")
                  return Array("\(try transaction.rows("SELECT n FROM effect").count)".utf8)
                }
              }
            }
          }
          return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(Set(answers).count == 1)
        try await expectEqual(stores[0].count("SELECT n FROM effect"), round + 1)
      }
    }
  }

  @Test func `a second live row of the same person is refused on every replica`() async throws {
    let schema = [
      """
      CREATE TABLE permit (id $TEXT PRIMARY KEY, person $INT NOT NULL, state $TEXT NOT NULL) $TABLE;
      CREATE UNIQUE INDEX permit_live ON permit (person) WHERE state = 'live';
      """
    ]
    try await Self.run(schema) { stores in
      let issued = await withTaskGroup(of: Bool.self) { group in
        for number in 0..<64 {
          let store = stores[number % stores.count]
          group.addTask {
            do {
              try await store.write { transaction in
                try transaction.execute(
                  """
                  INSERT INTO permit (id, person, state)
                  VALUES (\("p\(number)"), \(number % 8), 'live')
                  """)
                return
              }
              return true
            } catch {
              #expect(error as? StorageError == .uniqueViolation(constraint: "permit_live"))
              return false
            }
          }
        }
        return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
      }
      #expect(issued == 8)
      try await expectEqual(stores[0].count("SELECT id FROM permit"), 8)
    }
  }
}
