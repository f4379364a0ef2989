import Storage

/// Looks for damage in a store's file: pages that no table owns, rows out of order, broken lists.
enum IntegrityCheck {
  /// What is looked through.
  enum Scope {
    /// Every page once (SQLite's `quick_check`).
    case quick
    /// The same of one table and its indexes.
    case table(String)
    /// Also whether each index has what its table has (`integrity_check`); several times as long.
    case whole
  }

  /// How many findings an error names; one is enough to stop.
  private static let findingsMax = 3

  /// Throws `corrupt` if the file is damaged.
  static func run(on connection: SQLiteConnection, how scope: Scope) throws {
    let (pragma, argument) =
      switch scope {
      case .quick: ("quick_check", "\(self.findingsMax)")
      case .table(let name): ("quick_check", "\"\(name)\"")
      case .whole: ("integrity_check", "\(self.findingsMax)")
      }
    let findings = try connection.inspect(SQL(stringLiteral: "PRAGMA \(pragma)(\(argument))"))
      .prefix(self.findingsMax).map { try $0.text(pragma) }
    if findings == ["ok"] { return }
    throw SQLiteFault.damaged(connection.file, detail: findings.joined(separator: "; "))
  }

  /// The tables of the file, in the order they were made.
  static func tables(of connection: SQLiteConnection) throws -> [String] {
    // A name that would have to be escaped is none of ours.
    try connection.inspect(
      """
      SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE '%"%' ORDER BY rowid
      """
    ).map { try $0.text("name") }
  }
}
