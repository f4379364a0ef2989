import DomainModel
import Storage

/// A database file that nobody uses: a backup, or a store whose service has stopped.
enum StoreFile {
  /// Which version of its schema a store has.
  struct Schema: Hashable {
    var version: Int
    var oldestCode: Int
  }

  /// Makes a copy that has just been written a file of its own, without a log beside it, looks
  /// through it and puts it on the disk.
  static func finishCopy(_ path: String) throws {
    try self.withConnection(path) { connection in
      try connection.control("PRAGMA journal_mode = DELETE")
      try IntegrityCheck.run(on: connection, how: .whole)
    }
    try DurableFile.sync(path)
  }

  /// Looks through the file; throws `corrupt`. Returns its schema, zeros where it has none.
  static func check(_ path: String) throws -> Schema {
    try self.withConnection(path) { connection in
      try IntegrityCheck.run(on: connection, how: .whole)
      return try self.schema(connection)
    }
  }

  /// The schema of the file, zeros where it has none.
  static func schema(of path: String) throws -> Schema {
    try self.withConnection(path, self.schema)
  }

  private static func schema(_ connection: SQLiteConnection) throws -> Schema {
    let none = Schema(version: 0, oldestCode: 0)
    let tables = try connection.inspect("SELECT name FROM sqlite_schema WHERE name = 'schema'")
    if tables.isEmpty { return none }
    let row = try connection.inspect("SELECT version, oldest_code FROM schema WHERE id = 1").first
    return try row.map {
      Schema(version: try $0.int("version"), oldestCode: try $0.int("oldest_code"))
    } ?? none
  }

  private static func withConnection<Value>(
    _ path: String, _ body: (SQLiteConnection) throws -> Value
  ) throws -> Value {
    let connection = try SQLiteConnection(.file(path), SQLiteOptions(), time: NoClock())
    defer { connection.close() }
    return try body(connection)
  }

  /// Nobody asks the database for the time here.
  private struct NoClock: TimeSource {
    func now() -> Timestamp { Timestamp(milliseconds: 0) }
    func sleep(until deadline: Timestamp) async throws {}
  }
}
