import DomainModel
import Glibc
import Logging
import Storage
import StorageSQLite

/// A process that does nothing but write, until it is killed: the crash test of `StorageTests`.
///
///     StoreProbe sqlite FILE FIRST
///
/// Several writers insert two rows under one number, from FIRST on. A number stands on standard
/// output, a line each, once its write has returned: what is read there was acknowledged.
@main
enum StoreProbe {
  /// How many writers there are.
  private static let writers = 8

  struct Usage: Error {}

  static func main() async throws {
    let arguments = CommandLine.arguments
    guard arguments.count == 4, let first = Int(arguments[3]) else { throw Usage() }
    let store = try Self.open(arguments[1], arguments[2])
    try await Migrator([Migration("crash", Self.schema)]).migrate(
      store, now: Timestamp(milliseconds: 0))
    try await withThrowingTaskGroup { group in
      for writer in 0..<Self.writers {
        group.addTask {
          var number = first + writer
          while true {
            try await Self.write(number, store)
            number += Self.writers
          }
        }
      }
      try await group.waitForAll()
    }
  }

  /// The store of an engine, opened as a service would open it.
  private static func open(_ engine: String, _ place: String) throws -> any Store {
    switch engine {
    case "sqlite":
      var options = SQLiteOptions()
      // Often enough that kills fall into checkpoints as well.
      options.checkpointPages = 50
      options.checkpointRestPages = 10
      return try SQLiteStore(
        .file(place), options: options, time: NoClock(), logger: Logger(label: "probe"))
    default: throw Usage()
    }
  }

  private static func write(_ number: Int, _ store: any Store) async throws {
    let content = [UInt8](repeating: UInt8(truncatingIfNeeded: number), count: 600)
    try await store.write { transaction in
      for part in 0..<2 {
        try transaction.execute(
          "INSERT INTO crash (number, part, content) VALUES (\(number), \(part), \(content))")
      }
    }
    let line = Array("\(number)\n".utf8)
    // A line is shorter than what a pipe takes whole.
    guard Glibc.write(STDOUT_FILENO, line, line.count) == line.count else { throw Usage() }
  }

  /// A number's two parts are there together or not at all.
  private static let schema = [
    """
    CREATE TABLE crash (
      number $INT NOT NULL,
      part $INT NOT NULL,
      content $BYTES NOT NULL,
      PRIMARY KEY (number, part)
    ) $TABLE;
    """
  ]

  private struct NoClock: TimeSource {
    func now() -> Timestamp { Timestamp(milliseconds: 0) }
    func sleep(until deadline: Timestamp) async throws {}
  }
}
