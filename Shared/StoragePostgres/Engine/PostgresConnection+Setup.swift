import Storage
import StorageEngine

extension PostgresConnection {
  /// The oldest server that this is tested with.
  static let versionMin = 150_000

  /// Settles what every transaction relies on; throws if the server cannot give it.
  func prepareToServe(_ options: PostgresOptions, warn: (String) -> Void) throws {
    let bounds = [options.statementMs, options.lockMs, options.standStillMs].map(String.init)
    _ = try self.ask(
      """
      SELECT set_config('search_path', quote_ident(\(self.server.schema)), false),
        set_config('statement_timeout', \(bounds[0]), false),
        set_config('lock_timeout', \(bounds[1]), false),
        set_config('idle_in_transaction_session_timeout', \(bounds[2]), false)
      """)
    let found = try self.ask(
      """
      SELECT current_setting('server_version_num') AS version,
        current_setting('server_encoding') AS encoding, current_schema()::TEXT AS name,
        current_setting('fsync') AS fsync,
        CASE WHEN current_setting('synchronous_commit') = 'off'
          THEN set_config('synchronous_commit', 'on', false) ELSE '' END AS synchronous
      """)
    guard let row = found.first else { throw StorageError.transactionFailed }
    let name = self.server.name
    let version = Int(try row.text("version")) ?? 0
    guard version >= Self.versionMin else {
      throw StorageError.cannotOpen(
        "\(name): it is PostgreSQL \(version / 10_000); 15 or newer is needed")
    }
    let encoding = try row.text("encoding")
    guard encoding == "UTF8" else {
      throw StorageError.cannotOpen(
        "\(name): the database holds text as \(encoding): create one with ENCODING 'UTF8'")
    }
    guard try row.optionalText("name") == self.server.schema else {
      throw ServerFault.noSchema(self.server)
    }
    if try row.text("fsync") != "on" {
      warn("\(name): fsync is off: what was acknowledged is lost when the machine fails")
    }
  }

  /// Whether the disk takes writes: fills a table of our own with 100 KB and takes it back.
  func writeAndTakeBack() throws {
    try self.enter(.writing)
    defer {
      self.leave()
      self.rollBack()
    }
    try self.script("CREATE TEMPORARY TABLE anju_probe (content TEXT)")
    _ = try self.changedRows(
      "INSERT INTO anju_probe SELECT md5(i::TEXT) FROM generate_series(1, 3000) AS i")
  }
}
