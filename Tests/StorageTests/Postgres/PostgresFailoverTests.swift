import DomainModel
import Foundation
import Storage
import StoragePostgres
import Synchronization
import TestSupport
import Testing

/// The server dies and comes back while everybody writes.
@Suite(.onPostgres) struct PostgresFailoverTests {
  private static let isLong = ProcessInfo.processInfo.environment["ANJU_LONG"] == "1"
  private static let kills = isLong ? 200 : 20
  private static let writers = 16

  static let schema = [
    """
    CREATE TABLE pair (id $INT PRIMARY KEY) $TABLE;
    CREATE TABLE other (id $INT PRIMARY KEY) $TABLE;
    """
  ]

  /// What the writers were told.
  private final class Told: Sendable {
    private struct State {
      var next = 0
      var kept: Set<Int> = []
      var unavailable = 0
      var wrong: [String] = []
    }

    private let state = Mutex(State())

    var kept: Set<Int> { self.state.withLock { $0.kept } }
    var unavailable: Int { self.state.withLock { $0.unavailable } }
    var wrong: [String] { self.state.withLock { $0.wrong } }

    func next() -> Int {
      self.state.withLock { state in
        state.next += 1
        return state.next
      }
    }

    func keep(_ id: Int) {
      self.state.withLock { _ = $0.kept.insert(id) }
    }

    /// Anything but UNAVAILABLE is a wrong answer: no closure here breaks a rule.
    func refuse(_ error: any Error) {
      self.state.withLock { state in
        if (error as? ServiceError)?.code == .unavailable {
          state.unavailable += 1
        } else {
          state.wrong.append("\(error)")
        }
      }
    }
  }

  private static func writeUntilCancelled(_ store: PostgresStore, _ told: Told) async {
    while !Task.isCancelled {
      let id = told.next()
      do {
        try await store.write { transaction in
          try transaction.execute("INSERT INTO pair (id) VALUES (\(id))")
          try transaction.execute("INSERT INTO other (id) VALUES (\(id))")
        }
        told.keep(id)
      } catch is CancellationError {
        return
      } catch {
        told.refuse(error)
        // Whoever is told to come back later does not come back at once.
        try? await Task.sleep(for: .milliseconds(5))
      }
    }
  }

  private static func ids(_ store: PostgresStore, _ sql: SQL) async throws -> Set<Int> {
    try await store.read { snapshot in
      Set(try snapshot.rows(sql, rowsMax: 10_000_000).map { try $0.int("id") })
    }
  }

  @Test func `killed and restarted under load, it keeps what was acknowledged and no half`()
    async throws
  {
    try await PrivateServer.run { own in
      let store = try TestServer.open(own.place)
      try await Migrator([Migration("1", Self.schema)]).migrate(store, now: MigratorTests.now)
      let told = Told()
      let random = SeededRandom(11)
      try await withThrowingTaskGroup(of: Void.self) { group in
        for _ in 0..<Self.writers {
          group.addTask { await Self.writeUntilCancelled(store, told) }
        }
        for _ in 0..<Self.kills {
          // Kills come at drawn moments, each after something was kept since the one before.
          let before = told.kept.count
          while told.kept.count == before { try await Task.sleep(for: .milliseconds(5)) }
          try await Task.sleep(for: .milliseconds(Int(random.bytes(1)[0]) / 4))
          try await own.script("kill")
          try await own.script("again")
        }
        let before = told.kept.count
        while told.kept.count == before { try await Task.sleep(for: .milliseconds(5)) }
        group.cancelAll()
        try await group.waitForAll()
      }
      #expect(told.wrong == [])
      #expect(told.unavailable > 0)
      let pairs = try await Self.ids(store, "SELECT id FROM pair")
      let others = try await Self.ids(store, "SELECT id FROM other")
      #expect(pairs == others)
      #expect(told.kept.subtracting(pairs) == [])
      #expect(store.fault == nil)
      await store.close()
    }
  }
}
