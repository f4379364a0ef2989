import CSQLite
import Storage

/// One prepared statement of one connection.
final class SQLiteStatement {
  let handle: OpaquePointer
  let isReadOnly: Bool
  /// BEGIN, COMMIT and their like: the writer's own, for a closure shares its transaction.
  let controlsTransaction: Bool
  private let parameterCount: Int
  private let sql: String
  private var knownColumns: RowColumns?

  init(_ handle: OpaquePointer, sql: String) {
    self.handle = handle
    self.sql = sql
    self.isReadOnly = sqlite3_stmt_readonly(handle) != 0
    let word = sql.drop(while: \.isWhitespace).prefix(while: \.isLetter).uppercased()
    self.controlsTransaction = [
      "BEGIN", "COMMIT", "END", "ROLLBACK", "SAVEPOINT", "RELEASE",
    ].contains(word)
    self.parameterCount = Int(sqlite3_bind_parameter_count(handle))
  }

  deinit {
    sqlite3_finalize(self.handle)
  }

  func reset() {
    sqlite3_reset(self.handle)
  }

  /// Binds all values; returns a SQLite code.
  func bind(_ values: [SQLValue]) -> Int32 {
    if values.count != self.parameterCount { return SQLITE_RANGE }
    var index: Int32 = 0
    for value in values {
      index += 1
      let code = self.bind(value, at: index)
      if code != SQLITE_OK { return code }
    }
    return SQLITE_OK
  }

  private func bind(_ value: SQLValue, at index: Int32) -> Int32 {
    switch value {
    case .null:
      return sqlite3_bind_null(self.handle, index)
    case .integer(let integer):
      return sqlite3_bind_int64(self.handle, index, integer)
    case .text(var text):
      return text.withUTF8 {
        anju_sqlite3_bind_text(self.handle, index, $0.baseAddress, Int64($0.count))
      }
    case .bytes(let bytes):
      return bytes.withUnsafeBytes {
        anju_sqlite3_bind_blob(self.handle, index, $0.baseAddress, Int64($0.count))
      }
    }
  }

  /// The row the statement stands on.
  func row() -> Row {
    let columns = self.columns()
    var values: [SQLValue] = []
    values.reserveCapacity(columns.names.count)
    for index in 0..<Int32(columns.names.count) { values.append(self.value(at: index)) }
    return Row(columns: columns, values: values)
  }

  private func value(at index: Int32) -> SQLValue {
    switch sqlite3_column_type(self.handle, index) {
    case SQLITE_INTEGER:
      return .integer(sqlite3_column_int64(self.handle, index))
    case SQLITE_NULL:
      return .null
    case SQLITE_BLOB:
      let start = sqlite3_column_blob(self.handle, index)
      let count = Int(sqlite3_column_bytes(self.handle, index))
      return .bytes([UInt8](UnsafeRawBufferPointer(start: start, count: count)))
    default:
      // A floating-point number, which our schemas have not, reads as its text.
      let start = sqlite3_column_text(self.handle, index)
      let count = Int(sqlite3_column_bytes(self.handle, index))
      return .text(
        String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self))
    }
  }

  private func columns() -> RowColumns {
    // SQLite prepares a statement again after a schema change, and its columns may then differ.
    let count = sqlite3_column_count(self.handle)
    if let known = self.knownColumns, known.names.count == Int(count) { return known }
    let names = (0..<count).map { index in
      sqlite3_column_name(self.handle, index).map { String(cString: $0) } ?? ""
    }
    let columns = RowColumns(names: names, sql: self.sql)
    self.knownColumns = columns
    return columns
  }
}
