public import Logging
import Storage

extension PostgresStore {
  /// Whether the database has tables of a service already, without making any. Throws as `init`.
  public static func hasTables(
    _ server: PostgresServer, options: PostgresOptions, effects: Effects, logger: Logger
  ) throws -> Bool {
    let connection = try PostgresCore(server, options, effects, logger).connect()
    let found = try connection.ask(
      """
      SELECT 1 FROM pg_catalog.pg_tables
      WHERE schemaname = \(server.schema) AND tablename = 'schema_step'
      """)
    return !found.isEmpty
  }
}
