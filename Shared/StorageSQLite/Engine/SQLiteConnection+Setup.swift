import Storage

extension SQLiteConnection {
  /// Every commit on the disk before it is acknowledged, unless the options say that nothing has to
  /// last yet; references are checked.
  func prepareToWrite(_ options: SQLiteOptions) throws {
    for pragma in [
      "PRAGMA journal_mode = WAL",
      "PRAGMA synchronous = \(options.synchronous)",
      "PRAGMA foreign_keys = ON",
      "PRAGMA temp_store = MEMORY",
      "PRAGMA cache_size = -\(options.writerCacheKiB)",
      "PRAGMA journal_size_limit = \(Int(options.walPagesMax) * 4_096)",
      // The first read of the file: a damaged or foreign one is refused here, not at the first
      // call.
      "SELECT COUNT(*) FROM sqlite_schema",
    ] { try self.control(pragma) }
  }

  func prepareToRead(_ options: SQLiteOptions) throws {
    for pragma in [
      "PRAGMA query_only = ON",
      "PRAGMA temp_store = MEMORY",
      "PRAGMA cache_size = -\(options.readerCacheKiB)",
    ] { try self.control(pragma) }
  }

  /// For the thread that copies the log: what it has copied is on the disk before the log may start
  /// over.
  func prepareToCheckpoint(_ options: SQLiteOptions) throws {
    for pragma in [
      "PRAGMA synchronous = \(options.synchronous)", "SELECT COUNT(*) FROM sqlite_schema",
    ] {
      try self.control(pragma)
    }
  }

  /// How long the database is, its log apart.
  func fileBytes() throws -> Int64 {
    let row = try self.inspect(
      "SELECT page_count * page_size AS bytes FROM pragma_page_count, pragma_page_size"
    ).first
    return try row?.int64("bytes") ?? 0
  }

  /// Lets go of the file; every statement must have been reset by then.
  func close() {
    assert(!self.hasBusyStatement, "a statement was left standing on a row")
    self.closeHandle()
  }
}

extension SQLiteOptions {
  fileprivate var synchronous: String { self.isDurable ? "FULL" : "OFF" }
}
