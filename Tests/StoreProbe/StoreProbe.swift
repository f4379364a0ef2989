import DomainModel
import Glibc
import Storage

/// A process that does nothing but write, until it is killed: the crash test of `StorageTests`.
///
///     StoreProbe ENGINE PLACE FIRST
///
/// Several writers insert two rows under one number, from FIRST on. On standard output stands a
/// line for each write that has returned: its number if it was acknowledged, `refused` if the store
/// was unavailable. A writer that was refused goes on with its next number: whether the one before
/// was kept, it does not know.
@main
enum StoreProbe {
  /// How many writers there are.
  private static let writers = 8
  /// How long one rests that was refused, in milliseconds.
  private static let restMs = 5

  struct Usage: Error {}

  static func main() async throws {
    let arguments = CommandLine.arguments
    guard arguments.count == 4, let first = Int(arguments[3]) else { throw Usage() }
    let store = try ProbedStore.open(arguments[1], arguments[2])
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

  private static func write(_ number: Int, _ store: any Store) async throws {
    let content = [UInt8](repeating: UInt8(truncatingIfNeeded: number), count: 600)
    do {
      try await store.write { transaction in
        for part in 0..<2 {
          try transaction.execute(
            "INSERT INTO crash (number, part, content) VALUES (\(number), \(part), \(content))")
        }
      }
      try Self.say("\(number)")
    } catch let error as ServiceError where error.code == .unavailable {
      try Self.say("refused")
      try await Task.sleep(for: .milliseconds(Self.restMs))
    }
  }

  /// A line is shorter than what a pipe takes whole.
  private static func say(_ text: String) throws {
    let line = Array((text + "\n").utf8)
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
}
