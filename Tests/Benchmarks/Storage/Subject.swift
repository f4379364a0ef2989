import DomainModel
import Foundation
import Logging
import Storage
import StoragePostgres
import StorageSQLite

/// The store under test, on the engine that its place names, with the settings services get; on
/// PostgreSQL with as many connections to write as there are callers.
struct Subject: Sendable {
  /// What a run asks an engine for.
  struct Counts {
    var writes: Int
    var commits: Int
    /// Connections made so far, and how many there will be; a file needs none.
    var connects = 0
    var connectsWanted = 0
    /// How often a write ran again.
    var reruns = 0

    /// What was counted after `earlier`.
    func since(_ earlier: Counts) -> Counts {
      Counts(
        writes: self.writes - earlier.writes, commits: self.commits - earlier.commits,
        reruns: self.reruns - earlier.reruns)
    }
  }

  let store: any Store
  let counts: @Sendable () -> Counts

  init(_ place: String, writers: Int) throws {
    let words = place.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    switch (words[0], words.count) {
    case ("postgres", 3): try self.init(server: words[1], database: words[2], writers: writers)
    default: try self.init(file: place)
    }
  }

  private init(file: String) throws {
    let store = try SQLiteStore(.file(file), time: NoTime(), logger: Logger(label: "bench"))
    self.store = store
    self.counts = {
      let now = store.statistics
      return Counts(writes: now.writes, commits: now.commits)
    }
  }

  private init(server folder: String, database: String, writers: Int) throws {
    let port = try String(contentsOfFile: folder + "/port", encoding: .utf8).dropLast()
    var server = PostgresServer(
      host: "127.0.0.1", port: Int(port) ?? 0, database: database, user: "anju")
    server.passwordFile = folder + "/password"
    server.tls = .disable
    var options = PostgresOptions()
    options.writersMax = writers
    let store = try PostgresStore(
      server, options: options, effects: .init(time: NoTime(), random: SystemRandom()),
      logger: Logger(label: "bench"))
    self.store = store
    self.counts = {
      let now = store.statistics
      return Counts(
        writes: now.commits, commits: now.commits, connects: now.connects,
        connectsWanted: writers + 1, reruns: now.conflicts + now.reruns)
    }
  }
}

/// The bench takes no lease, so nobody asks for the time.
struct NoTime: TimeSource {
  func now() -> Timestamp { Timestamp(milliseconds: 0) }
  func sleep(until deadline: Timestamp) async throws {}
}

/// For the jitter of rests between tries.
struct SystemRandom: RandomSource {
  func bytes(_ count: Int) -> [UInt8] { (0..<count).map { _ in .random(in: 0...255) } }
}
