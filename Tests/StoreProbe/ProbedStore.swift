import DomainModel
import Glibc
import Logging
import Storage
import StoragePostgres
import StorageSQLite

/// The store that the probe writes to, opened as a service would open it.
enum ProbedStore {
  struct Unknown: Error {}

  /// Opens the store of an engine. Its place is SQLite's file, or `PORT:PASSWORDFILE` of a
  /// PostgreSQL server that `Tools/dev/postgres.sh` made.
  static func open(_ engine: String, _ place: String) throws -> any Store {
    switch engine {
    case "sqlite":
      var options = SQLiteOptions()
      // Often enough that kills fall into checkpoints as well.
      options.checkpointPages = 50
      options.checkpointRestPages = 10
      return try SQLiteStore(
        .file(place), options: options, time: WallClock(), logger: Logger(label: "probe"))
    case "postgres":
      return try PostgresStore(
        Self.server(place), effects: .init(time: WallClock(), random: SystemRandom()),
        logger: Logger(label: "probe"))
    default: throw Unknown()
    }
  }

  private static func server(_ place: String) throws -> PostgresServer {
    let words = place.split(separator: ":", maxSplits: 1).map(String.init)
    guard words.count == 2, let port = Int(words[0]) else { throw Unknown() }
    var server = PostgresServer(host: "127.0.0.1", port: port, database: "anju", user: "anju")
    server.passwordFile = words[1]
    server.tls = .disable
    return server
  }

  private struct WallClock: TimeSource {
    func now() -> Timestamp {
      var time = timespec()
      clock_gettime(CLOCK_REALTIME, &time)
      return Timestamp(milliseconds: Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000)
    }

    func sleep(until deadline: Timestamp) async throws {
      let left = deadline.milliseconds - self.now().milliseconds
      if left > 0 { try await Task.sleep(for: .milliseconds(left)) }
    }
  }

  private struct SystemRandom: RandomSource {
    func bytes(_ count: Int) -> [UInt8] { (0..<count).map { _ in .random(in: 0...255) } }
  }
}
