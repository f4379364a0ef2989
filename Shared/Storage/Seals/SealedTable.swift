/// Where sealed values of one column stand, so that all of them can be found: to look whether they
/// open, and to seal them under another key.
public struct SealedTable: Sendable {
  /// The text by which a seal names its row, made of the columns that are read.
  public typealias Naming = @Sendable (Row) throws -> String

  /// The table's name.
  public let table: String
  /// The sealed column's name.
  public let column: String
  private let key: [String]
  private let read: [String]
  private let naming: Naming

  /// A sealed column of a table with this primary or unique key. `reading` are further columns that
  /// `naming` needs.
  public init(
    _ table: String, _ column: String, key: [String], reading: [String] = [],
    naming: @escaping Naming
  ) {
    self.table = table
    self.column = column
    self.key = key
    self.read = key + reading
    self.naming = naming
  }

  /// A sealed column of a table whose key is one text, by which its seals are named too.
  public init(_ table: String, _ column: String, id: String) {
    self.init(table, column, key: [id]) { try $0.text(id) }
  }

  /// A row with a sealed value: where it stands, and the beginning of the value.
  struct Entry: Sendable {
    var key: [SQLValue]
    var name: String
    var head: [UInt8]
  }

  /// The rows after a key, in its order, at most `limit`; those without a value among them, so that
  /// a page costs the same wherever it begins.
  func page(
    _ snapshot: Snapshot, after key: [SQLValue]?, limit: Int, headBytes: Int
  ) throws -> (entries: [Entry], last: [SQLValue]?) {
    let names = self.key.map(Self.quoted).joined(separator: ", ")
    var sql = SQL.StringInterpolation(literalCapacity: 256, interpolationCount: 4)
    sql.appendLiteral("SELECT \(self.read.map(Self.quoted).joined(separator: ", ")), ")
    sql.appendLiteral("substr(\(Self.quoted(self.column)), 1, \(headBytes)) AS head ")
    sql.appendLiteral("FROM \(Self.quoted(self.table)) ")
    if let key {
      sql.appendLiteral("WHERE (\(names)) > (")
      for (index, value) in key.enumerated() {
        if index > 0 { sql.appendLiteral(", ") }
        sql.appendInterpolation(StoredValue(sqlValue: value))
      }
      sql.appendLiteral(") ")
    }
    sql.appendLiteral("ORDER BY \(names) LIMIT \(limit)")
    let rows = try snapshot.rows(SQL(stringInterpolation: sql))
    let entries = try rows.compactMap { row in
      try row.optionalBytes("head").map { head in
        Entry(key: try self.keyValues(row), name: try self.naming(row), head: head)
      }
    }
    return (entries, try rows.last.map(self.keyValues))
  }

  /// The whole value of a row; nil where it is gone.
  func value(_ snapshot: Snapshot, at key: [SQLValue]) throws -> [UInt8]? {
    var sql = SQL.StringInterpolation(literalCapacity: 128, interpolationCount: key.count)
    sql.appendLiteral(
      "SELECT \(Self.quoted(self.column)) AS sealed FROM \(Self.quoted(self.table)) ")
    self.appendCondition(&sql, at: key)
    return try snapshot.row(SQL(stringInterpolation: sql))?.optionalBytes("sealed")
  }

  /// Puts another value into a row.
  func replace(_ transaction: Transaction, _ sealed: [UInt8], at key: [SQLValue]) throws {
    var sql = SQL.StringInterpolation(literalCapacity: 128, interpolationCount: key.count + 1)
    sql.appendLiteral("UPDATE \(Self.quoted(self.table)) SET \(Self.quoted(self.column)) = ")
    sql.appendInterpolation(sealed)
    sql.appendLiteral(" ")
    self.appendCondition(&sql, at: key)
    try transaction.execute(SQL(stringInterpolation: sql))
  }

  private func appendCondition(_ sql: inout SQL.StringInterpolation, at key: [SQLValue]) {
    for (index, (name, value)) in zip(self.key, key).enumerated() {
      sql.appendLiteral(
        index == 0 ? "WHERE \(Self.quoted(name)) = " : " AND \(Self.quoted(name)) = ")
      sql.appendInterpolation(StoredValue(sqlValue: value))
    }
  }

  private func keyValues(_ row: Row) throws -> [SQLValue] { try self.key.map(row.value) }

  private static func quoted(_ name: String) -> String { "\"\(name)\"" }
}

/// A value as it stands in a row.
private struct StoredValue: SQLBindable {
  let sqlValue: SQLValue
}
