import DomainModel
import Storage
import StoragePostgres
import TestSupport
import Testing

extension TestServer {
  /// A store in a schema of its own.
  func withStore(
    _ schema: [String] = [], options: PostgresOptions = TestServer.options,
    time: FakeTime = FakeTime(), _ body: (PostgresStore) async throws -> Void
  ) async throws {
    try await self.withSchema { server in
      let store = try Self.open(server, options: options, clock: time)
      do {
        if !schema.isEmpty {
          try await Migrator([Migration("test", schema)]).migrate(store, now: time.now())
        }
        try await body(store)
      } catch {
        await store.close()
        throw error
      }
      await store.close()
    }
  }
}

/// Runs a case with the server of the tests.
func withTestServer(_ body: (TestServer) async throws -> Void) async throws {
  try await body(#require(TestServer.shared))
}

extension Trait where Self == ConditionTrait {
  /// Needs the server of the tests.
  static var onPostgres: Self {
    .enabled(
      if: TestServer.shared != nil,
      "ANJU_POSTGRES names no server: Tools/dev/postgres.sh start FOLDER, or ./dev test")
  }
}
