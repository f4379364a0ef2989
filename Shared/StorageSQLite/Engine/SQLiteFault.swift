import CSQLite
import Storage

/// Turns SQLite's result codes into `StorageError`, with a sentence that names the file and says
/// what to do about it.
enum SQLiteFault {
  /// The error for a result code. `detail` is SQLite's own message, which holds no bound values.
  static func error(
    _ code: Int32, detail: String, file: String, sql: String = ""
  ) -> StorageError {
    switch code & 0xFF {
    case SQLITE_CONSTRAINT: Self.constraint(code, detail, sql)
    case SQLITE_BUSY, SQLITE_LOCKED:
      .busy("\(file) is locked by another process: stop it, or wait until it has ended")
    case SQLITE_FULL:
      .full("the disk with \(file) is full: make room; writes go on without a restart")
    case SQLITE_READONLY, SQLITE_PERM:
      .readOnly("\(file) or its folder may not be written: give this process's user the right to")
    case SQLITE_CANTOPEN, SQLITE_AUTH:
      .cannotOpen("\(file) cannot be opened: its folder must exist and be writable (\(detail))")
    case SQLITE_CORRUPT:
      self.damaged(file, detail: detail)
    case SQLITE_NOTADB:
      .corrupt("\(file) is not a SQLite database: move it away, or name another file")
    case SQLITE_IOERR, SQLITE_NOMEM, SQLITE_INTERRUPT, SQLITE_PROTOCOL, SQLITE_NOLFS:
      .unavailable("\(file): \(detail) (SQLite code \(code)): look at the disk and the system log")
    default:
      .statementInvalid(detail, sql: sql)
    }
  }

  /// The file holds what SQLite did not write so.
  static func damaged(_ file: String, detail: String) -> StorageError {
    .corrupt("\(file) is damaged: stop the service and restore it from a backup (\(detail))")
  }

  private static func constraint(
    _ code: Int32, _ detail: String, _ sql: String
  ) -> StorageError {
    let subject = Self.afterColon(detail)
    // The extended codes are 19 | (n << 8), as published in SQLite's documentation.
    switch code >> 8 {
    case 1: return .checkViolation(constraint: subject)
    case 3: return .foreignKeyViolation
    case 5: return .notNullViolation(column: subject)
    case 6, 8, 10: return .uniqueViolation(constraint: subject)
    // Among them 12, a value of the wrong type for a STRICT column.
    default: return .statementInvalid(detail, sql: sql)
    }
  }

  /// The part of "UNIQUE constraint failed: permit.person_id" after the colon.
  private static func afterColon(_ detail: String) -> String {
    guard let colon = detail.utf8.firstIndex(of: UInt8(ascii: ":")) else { return detail }
    let rest = detail[detail.index(after: colon)...]
    return String(rest.drop(while: { $0 == " " }))
  }
}
