import Storage
import StorageSQLite
import TestSupport
import Testing

/// Whatever a caller does at whatever moment, it hears how its call ended: a continuation that was
/// lost between a cancellation, a thread of the engine and a closing store would leave it waiting.
@Suite(.timeLimit(.minutes(10))) struct CancellationTests {
  static let schema = ["CREATE TABLE thing (id $INT PRIMARY KEY) $TABLE;"]
  private static let calls = 400

  /// How calls ended.
  private struct Ends: Sendable {
    let kept: Set<Int>
    let refused: Int
  }

  /// Begins as many calls at once, every other one a read, and cancels some of them at some moment;
  /// `meanwhile` goes on beside them.
  private static func ends(
    of store: SQLiteStore, _ meanwhile: @escaping @Sendable () async -> Void = {}
  ) async -> Ends {
    let (kept, refused) = (Heard<Int>(), Heard<Int>())
    await withTaskGroup(of: Void.self) { group in
      for number in 0..<Self.calls {
        let call = Task {
          do {
            if number % 2 == 0 {
              try await store.write { try $0.execute("INSERT INTO thing (id) VALUES (\(number))") }
              kept.keep(number)
            } else {
              _ = try await store.read { try $0.rows("SELECT id FROM thing") }
            }
          } catch {
            refused.keep(number)
          }
        }
        group.addTask { await call.value }
        if number % 3 == 0 {
          group.addTask {
            for _ in 0..<(number % 7) { await Task.yield() }
            call.cancel()
          }
        }
        if number == Self.calls / 2 { group.addTask { await meanwhile() } }
      }
    }
    return Ends(kept: Set(kept.all), refused: refused.all.count)
  }

  @Test(arguments: [Backend.file, .memory], 1...10)
  func `a call that is cancelled at any moment ends, and what was acknowledged is there`(
    _ backend: Backend, _ round: Int
  ) async throws {
    try await backend.withSQLite(Self.schema) { store in
      let kept = await Self.ends(of: store).kept
      let found = try await store.read { snapshot in
        try Set(snapshot.rows("SELECT id FROM thing").map { try $0.int("id") })
      }
      #expect(kept.isSubset(of: found))
      #expect(store.waitingWrites == 0)
      #expect(store.fault == nil)
    }
  }

  @Test(arguments: [Backend.file, .memory], 1...10)
  func `a call that meets the store's end hears of it`(
    _ backend: Backend, _ round: Int
  ) async throws {
    try await backend.withSQLite(Self.schema) { store in
      let ends = await Self.ends(of: store) { await store.close() }
      #expect(ends.kept.count + ends.refused <= Self.calls)
      await #expect(throws: (any Error).self) { try await store.count("SELECT id FROM thing") }
    }
  }
}
