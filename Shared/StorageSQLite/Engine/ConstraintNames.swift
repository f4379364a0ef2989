import Storage

/// Finds the name of a broken unique index. SQLite says `permit.person_id, permit.kind`, PostgreSQL
/// the constraint's name; services hear the name on both.
enum ConstraintNames {
  /// The name for SQLite's list of columns (or its `index 'name'`), looked up in the schema.
  static func name(for subject: String, on connection: SQLiteConnection) -> String {
    if subject.hasPrefix("index '") { return String(subject.dropFirst(7).dropLast()) }
    let columns = subject.split(separator: ",").map { $0.drop(while: { $0 == " " }) }
    guard let table = columns.first?.split(separator: ".").first else { return subject }
    let names = columns.map { $0.dropFirst(table.count + 1) }.map(String.init)
    do {
      return try Self.lookUp(table: String(table), columns: names, on: connection) ?? subject
    } catch {
      return subject
    }
  }

  private static func lookUp(
    table: String, columns: [String], on connection: SQLiteConnection
  ) throws -> String? {
    let indices = try connection.inspect(
      """
      SELECT name, origin FROM pragma_index_list(\(table)) WHERE "unique" = 1 ORDER BY seq
      """)
    for index in indices {
      let name = try index.text("name")
      let indexed = try connection.inspect(
        "SELECT name FROM pragma_index_info(\(name)) ORDER BY seqno"
      ).map { try $0.optionalText("name") ?? "" }
      guard indexed == columns else { continue }
      switch try index.text("origin") {
      case "pk": return "\(table)_pkey"
      case "u": return "\(table)_\(columns.joined(separator: "_"))_key"
      default: return name
      }
    }
    // An INTEGER PRIMARY KEY has no index of its own.
    return columns.count == 1 ? "\(table)_pkey" : nil
  }
}
