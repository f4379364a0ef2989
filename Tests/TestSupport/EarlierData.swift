public import DomainModel
public import Storage

/// What a service has written, table by table, and how a store of an earlier version of its schema
/// would have held it: the same rows, without the columns that came later.
///
/// So every version that there was, and each that comes, is tested with data in it and nobody has
/// to write fixtures. A migration that drops or renames what must have a value makes `write` fail:
/// say then, in its test, what stood there before.
public struct EarlierData: Sendable {
  private struct Table: Sendable {
    var name: String
    var columns: [String]
    var rows: [[SQLValue]]
  }

  private let tables: [Table]
  private let migrations: [Migration]

  /// All that stands in a store of the newest version; for SQLite, which lists its tables in the
  /// order in which they were made, so that what is referred to comes first.
  public init(of store: any Store, _ migrations: [Migration]) async throws {
    self.migrations = migrations
    self.tables = try await store.read { snapshot in
      try snapshot.rows(
        """
        SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'
          AND name NOT IN ('schema', 'schema_step', 'seal_check') ORDER BY rowid
        """
      ).map { row in
        let name = try row.text("name")
        let columns = try TestEngine.sqlite.columns(of: name, in: snapshot)
        return Table(name: name, columns: columns, rows: try Self.rows(name, columns, snapshot))
      }
    }
  }

  /// Tables that a test of migrations would say nothing about.
  public var emptyTables: [String] { self.tables.filter(\.rows.isEmpty).map(\.name) }

  /// The versions of the schema that hold something, the newest among them.
  public static func versions(of migrations: [Migration]) -> ClosedRange<Int> {
    1...migrations.count
  }

  /// Makes the store one of an earlier version, with the data in it. Returns how many rows it
  /// holds.
  public func write(
    to store: any Store, on engine: TestEngine, version: Int, now: Timestamp
  ) async throws -> Int {
    try await Migrator(Array(self.migrations.prefix(version))).migrate(store, now: now)
    return try await store.write { transaction in
      var count = 0
      for table in self.tables {
        let there = Set(try engine.columns(of: table.name, in: transaction))
        let kept = table.columns.indices.filter { there.contains(table.columns[$0]) }
        if kept.isEmpty { continue }
        for row in table.rows {
          count += try transaction.changedRows(
            Self.insertion(table.name, kept.map { (table.columns[$0], row[$0]) }))
        }
        try engine.skipNumbers(of: table.name, in: transaction)
      }
      return count
    }
  }

  /// What of the data a store has not as an earlier version held it, once it is of the newest.
  public func lost(in store: any Store, since version: Int) async throws -> [String] {
    let earlier = try await self.columns(ofVersion: version)
    return try await store.read { snapshot in
      try self.tables.flatMap { table -> [String] in
        let columns = table.columns.filter { earlier[table.name]?.contains($0) == true }
        if columns.isEmpty { return [] }
        let kept = columns.compactMap { table.columns.firstIndex(of: $0) }
        let wanted = Set(table.rows.map { row in kept.map { row[$0] } })
        let found = Set(try Self.rows(table.name, columns, snapshot))
        return wanted == found
          ? [] : ["\(table.name): \(wanted.subtracting(found).count) of \(wanted.count) rows"]
      }
    }
  }

  /// The columns of each table as an earlier version has them.
  private func columns(ofVersion version: Int) async throws -> [String: Set<String>] {
    let names = self.tables.map(\.name)
    let steps = Array(self.migrations.prefix(version))
    let store = try TestEngine.memory()
    try await Migrator(steps).migrate(store, now: Timestamp(milliseconds: 0))
    let columns = try await store.read { snapshot in
      try names.map { ($0, Set(try TestEngine.sqlite.columns(of: $0, in: snapshot))) }
    }
    await store.close()
    return Dictionary(uniqueKeysWithValues: columns)
  }

  private static func rows(
    _ table: String, _ columns: [String], _ snapshot: Snapshot
  ) throws -> [[SQLValue]] {
    let names = columns.map { "\"\($0)\"" }.joined(separator: ", ")
    return try snapshot.rows(SQL(stringLiteral: "SELECT \(names) FROM \"\(table)\""))
      .map(\.values)
  }

  private static func insertion(_ table: String, _ fields: [(String, SQLValue)]) -> SQL {
    let names = fields.map { "\"\($0.0)\"" }.joined(separator: ", ")
    var sql = SQL.StringInterpolation(literalCapacity: 0, interpolationCount: fields.count)
    sql.appendLiteral("INSERT INTO \"\(table)\" (\(names)) VALUES (")
    for (index, field) in fields.enumerated() {
      if index > 0 { sql.appendLiteral(", ") }
      sql.appendInterpolation(Stored(sqlValue: field.1))
    }
    sql.appendLiteral(")")
    return SQL(stringInterpolation: sql)
  }
}

/// A value as it stood in a row.
private struct Stored: SQLBindable {
  var sqlValue: SQLValue
}
