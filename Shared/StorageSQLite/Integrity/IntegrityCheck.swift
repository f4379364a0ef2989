import Storage

/// Looks for damage in a store's file: pages that no table owns, rows out of order, broken lists
/// (SQLite's `quick_check`, which reads every page once).
enum IntegrityCheck {
  /// How many findings an error names; one is enough to stop.
  private static let findingsMax = 3

  /// Throws `corrupt` if the file is damaged. `table` nil looks through the whole file at once.
  static func run(on connection: SQLiteConnection, table: String? = nil) throws {
    let argument = table.map { "\"\($0.split(separator: "\"").joined(separator: "\"\""))\"" }
    let pragma = "PRAGMA quick_check(\(argument ?? "\(self.findingsMax)"))"
    let findings = try connection.inspect(SQL(stringLiteral: pragma)).prefix(self.findingsMax)
      .map { try $0.text("quick_check") }
    if findings == ["ok"] { return }
    throw SQLiteFault.damaged(connection.file, detail: findings.joined(separator: "; "))
  }

  /// The tables of the file, in the order they were made.
  static func tables(of connection: SQLiteConnection) throws -> [String] {
    try connection.inspect("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY rowid")
      .map { try $0.text("name") }
  }
}
