import DomainModel
import Foundation
import Logging
import Storage
import StorageSQLite
import Testing

/// A kind of store that every case runs over: the same closures must give the same answers and
/// rows.
struct Backend: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let isInFile: Bool
  let isInline: Bool

  static let file = Backend(testDescription: "SQLite file", isInFile: true, isInline: false)
  static let memory = Backend(testDescription: "SQLite memory", isInFile: false, isInline: false)
  static let inline = Backend(testDescription: "SQLite inline", isInFile: false, isInline: true)
  static let all = [file, memory, inline]

  /// Opens a store in a folder of its own, runs the body and removes everything.
  func withStore(
    _ schema: [String] = [], options: SQLiteOptions = SQLiteOptions(), time: FakeTime = FakeTime(),
    _ body: (SQLiteStore) async throws -> Void
  ) async throws {
    try await withTemporaryFolder { folder in
      var options = options
      options.isInline = self.isInline
      let location = self.isInFile ? SQLiteLocation.file(folder + "/store.sqlite") : .memory
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
