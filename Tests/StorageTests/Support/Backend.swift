import DomainModel
import Foundation
import Logging
import Storage
import StorageSQLite
import TestSupport
import Testing

/// A kind of store that every case runs over: the same closures must give the same answers and
/// rows.
struct Backend: Sendable, CustomTestStringConvertible {
  enum Kind {
    case file
    case memory
    case inline
    case postgres
  }

  let testDescription: String
  let kind: Kind

  static let file = Backend(testDescription: "SQLite file", kind: .file)
  static let memory = Backend(testDescription: "SQLite memory", kind: .memory)
  static let inline = Backend(testDescription: "SQLite inline", kind: .inline)
  static let postgres = Backend(testDescription: "PostgreSQL", kind: .postgres)
  /// Those that one process has for itself.
  static let exclusive = [file, memory, inline]
  /// All engines; PostgreSQL where a server is there for the tests (see `TestServer`).
  static let all = exclusive + (TestServer.shared == nil ? [] : [postgres])

  /// Opens a store of its own, runs the body and removes everything.
  func withStore(
    _ schema: [String] = [], time: FakeTime = FakeTime(),
    _ body: (any Store) async throws -> Void
  ) async throws {
    if self.kind != .postgres { return try await self.withSQLite(schema, time: time, body) }
    try await withTestServer { server in
      try await server.withStore(schema, time: time) { try await body($0) }
    }
  }

  /// As `withStore`, for what only SQLite has.
  func withSQLite(
    _ schema: [String] = [], options: SQLiteOptions = SQLiteOptions(), time: FakeTime = FakeTime(),
    _ body: (SQLiteStore) async throws -> Void
  ) async throws {
    try await withTemporaryFolder { folder in
      var options = options
      options.isInline = self.kind == .inline
      let location =
        self.kind == .file ? SQLiteLocation.file(folder + "/store.sqlite") : .memory
      let store = try SQLiteStore(location, options: options, time: time, logger: .silent)
      if !schema.isEmpty {
        try await Migrator([Migration("test", schema)]).migrate(store, now: time.now())
      }
      do {
        try await body(store)
      } catch {
        await store.close()
        throw error
      }
      await store.close()
    }
  }
}

/// A folder that is gone after the body.
func withTemporaryFolder(_ body: (String) async throws -> Void) async throws {
  let folder = FileManager.default.temporaryDirectory
    .appendingPathComponent("anju-storage-\(UUID().uuidString)").path
  try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(atPath: folder) }
  try await body(folder)
}

extension Logger {
  static var silent: Logger { Logger(label: "test") { _ in SwiftLogNoOpLogHandler() } }
}

extension Store {
  /// How many rows a statement has.
  func count(_ sql: SQL) async throws -> Int {
    try await self.read { try $0.rows(sql).count }
  }
}

/// `#expect(a == b)` for values that are awaited, which the macro cannot take apart.
func expectEqual<Value: Equatable>(
  _ found: Value, _ wanted: Value, sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(found == wanted, sourceLocation: sourceLocation)
}
