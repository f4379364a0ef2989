import CSQLite
import Storage

/// A copy of a database that is under way: SQLite's online backup from the writer's own connection,
/// a few pages at a time between two groups. What the writer changes meanwhile, SQLite brings into
/// the copy by itself, so it never begins anew. Used by the writer's thread only.
final class BackupRun {
  private let path: String
  private var target: OpaquePointer?
  private var backup: OpaquePointer?

  /// How much memory the copy's page cache takes, in KiB.
  private static let cacheKiB = 2_048

  /// Begins a copy into a file that is not there yet.
  init(of source: OpaquePointer?, to path: String) throws {
    self.path = path
    let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX
    let code = sqlite3_open_v2(path, &self.target, flags, nil)
    if code != SQLITE_OK { throw self.error(code) }
    // The file counts only once it is whole: then it is synced, once.
    let pragmas =
      "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -\(Self.cacheKiB)"
    let answer = sqlite3_exec(self.target, pragmas, nil, nil, nil)
    if answer != SQLITE_OK { throw self.error(answer) }
    self.backup = sqlite3_backup_init(self.target, "main", source, "main")
    if self.backup == nil { throw self.error(sqlite3_errcode(self.target)) }
  }

  deinit {
    self.end()
  }

  /// Copies at most so many pages; true once all are copied.
  func step(pages: Int32) throws -> Bool {
    let code = sqlite3_backup_step(self.backup, pages)
    switch code & 0xFF {
    case SQLITE_DONE: return true
    case SQLITE_OK, SQLITE_BUSY, SQLITE_LOCKED: return false
    default: throw self.error(code)
    }
  }

  private func end() {
    sqlite3_backup_finish(self.backup)
    sqlite3_close_v2(self.target)
    (self.backup, self.target) = (nil, nil)
  }

  private func error(_ code: Int32) -> StorageError {
    let detail = self.target.map { String(cString: sqlite3_errmsg($0)) } ?? "out of memory"
    return SQLiteFault.error(code, detail: detail, file: self.path)
  }
}
