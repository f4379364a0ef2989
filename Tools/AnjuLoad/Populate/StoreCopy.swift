import Storage
import StorageSQLite

/// Copies a whole store into another that has the same schema and no row yet, table by table: how
/// what was made on SQLite comes to a server, a few hundred rows a statement.
struct StoreCopy: Sendable {
  /// How many values one statement has at most: libpq (15) takes no description of a statement's
  /// parameters that is longer than 30,000 bytes, and each has four.
  private static let valuesMax = 4_000
  private static let rowsMax = 500
  /// How many statements share a transaction.
  private static let statementsMax = 8
  /// What no code has: no service begins on a store that asks for it.
  private static let nobodysCode = 1_000_000_000
  /// What the copy has of its own already.
  private static let ownTables: Set<String> = ["schema", "schema_step"]

  let source: any Store
  let target: any Store

  /// Copies every row, and lets services have the target only when all are there; returns how many
  /// rows. `progress` hears how many were copied so far.
  func run(_ progress: @escaping @Sendable (Int) -> Void) async throws -> Int {
    let oldestCode = try await self.target.write { transaction in
      let row = try transaction.row("SELECT oldest_code FROM schema WHERE id = 1")
      try transaction.execute(
        "UPDATE schema SET oldest_code = \(Self.nobodysCode) WHERE id = 1")
      return try row?.int("oldest_code") ?? 1
    }
    var copied = 0
    for table in try await self.tables() {
      copied = try await self.copy(table, after: copied, progress)
    }
    try await self.target.write { transaction in
      try transaction.execute("UPDATE schema SET oldest_code = \(oldestCode) WHERE id = 1")
    }
    return copied
  }

  private struct Table: Sendable {
    let name: String
    let columns: [String]
    /// The column that the engine numbers; nil where the rows bring their keys.
    let numbered: String?
  }

  /// In the order in which they were made: a row's references lead to earlier tables.
  private func tables() async throws -> [Table] {
    try await self.source.read { snapshot in
      let made = try snapshot.rows(
        """
        SELECT name, sql FROM sqlite_schema
        WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY rowid
        """)
      return try made.compactMap { row in
        let name = try row.text("name")
        if Self.ownTables.contains(name) { return nil }
        let columns = try snapshot.rows(
          "SELECT name, pk, type FROM pragma_table_info(\(name)) ORDER BY cid")
        let isNumbered = try row.text("sql").contains("AUTOINCREMENT")
        return Table(
          name: name, columns: try columns.map { try $0.text("name") },
          numbered: isNumbered
            ? try columns.first { try $0.int("pk") == 1 }?.text("name") : nil)
      }
    }
  }

  private func copy(
    _ table: Table, after before: Int, _ progress: @Sendable (Int) -> Void
  ) async throws -> Int {
    let rowsMax = min(Self.rowsMax, Self.valuesMax / table.columns.count)
    var copied = before
    var last: Int64 = 0
    while true {
      let after = last
      let rows = try await self.source.read { snapshot in
        try snapshot.rows(
          """
          SELECT rowid AS copied_rowid, * FROM \(sql: Self.word(table.name))
          WHERE rowid > \(after) ORDER BY rowid LIMIT \(rowsMax * Self.statementsMax)
          """)
      }
      guard let newest = rows.last else { break }
      last = try newest.int64("copied_rowid")
      try await self.target.write { transaction in
        for first in stride(from: 0, to: rows.count, by: rowsMax) {
          let part = rows[first..<min(first + rowsMax, rows.count)]
          try transaction.execute(Self.insertion(of: part, into: table))
        }
      }
      copied += rows.count
      progress(copied)
    }
    if let numbered = table.numbered { try await self.goOnNumbering(table.name, numbered) }
    return copied
  }

  /// One statement for many rows.
  private static func insertion(of rows: ArraySlice<Row>, into table: Table) -> SQL {
    var text = SQL.StringInterpolation(literalCapacity: 128, interpolationCount: rows.count)
    let names = table.columns.joined(separator: ", ")
    text.appendLiteral("INSERT INTO \(table.name) (\(names)) VALUES ")
    for (index, row) in rows.enumerated() {
      if index > 0 { text.appendLiteral(", ") }
      // The first value is the row's number in the source.
      text.appendInterpolation(values: Array(row.values.dropFirst()))
    }
    return SQL(stringInterpolation: text)
  }

  /// New rows of the target are numbered after those that were copied.
  private func goOnNumbering(_ table: String, _ column: String) async throws {
    let row = try await self.source.read { snapshot in
      try snapshot.row("SELECT seq FROM sqlite_sequence WHERE name = \(table)")
    }
    guard let newest = try row?.int64("seq") else { return }
    let next = "\(newest + 1)"
    try await self.target.write { transaction in
      try transaction.execute(
        """
        ALTER TABLE \(sql: Self.word(table)) ALTER COLUMN \(sql: Self.word(column))
        RESTART WITH \(sql: Self.word(next))
        """)
    }
  }

  /// A word of the schema, which cannot be bound.
  private static func word(_ text: String) -> SQL {
    var fragment = SQL.StringInterpolation(literalCapacity: text.utf8.count, interpolationCount: 0)
    fragment.appendLiteral(text)
    return SQL(stringInterpolation: fragment)
  }
}
