public import DomainModel
internal import Foundation
public import Logging
internal import Storage
public import StoragePostgres
internal import Synchronization

/// A PostgreSQL server for the tests, as `Tools/dev/postgres.sh` makes it: `ANJU_POSTGRES` names
/// its folder. `./dev test` starts one; by hand, start it first.
public final class TestServer: Sendable {
  /// The server of this run; nil where there is none.
  public static let shared = ProcessInfo.processInfo.environment["ANJU_POSTGRES"].map(
    TestServer.init)
  /// How many cases have a schema at the same time: each has a few of the server's connections.
  private static let casesMax = 16

  /// Where it lives.
  public let folder: String
  private let made = Mutex(0)
  private let turns = Turns(TestServer.casesMax)

  private init(folder: String) {
    self.folder = folder
  }

  /// The database in which every case has a schema of its own.
  public func place() throws -> PostgresServer {
    try PostgresServer(madeIn: self.folder)
  }

  /// Few connections, as many cases run side by side.
  public static var options: PostgresOptions {
    var options = PostgresOptions()
    options.writersMax = 3
    options.readersMax = 1
    return options
  }

  /// A schema that is there for the body only.
  public func withSchema(_ body: (PostgresServer) async throws -> Void) async throws {
    await self.turns.take()
    defer { self.turns.give() }
    var server = try self.place()
    let number = self.made.withLock { made in
      made += 1
      return made
    }
    let name = "case_\(getpid())_\(number)"
    try await self.administer("CREATE SCHEMA \(name)")
    server.schema = name
    do {
      try await body(server)
    } catch {
      try await self.administer("DROP SCHEMA \(name) CASCADE")
      throw error
    }
    try await self.administer("DROP SCHEMA \(name) CASCADE")
  }

  /// `clock` is what the database says the time is; nil for its own.
  public static func open(
    _ server: PostgresServer, options: PostgresOptions = TestServer.options,
    clock: (any TimeSource)? = nil, logger: Logger = TestServer.silent
  ) throws -> PostgresStore {
    var effects = PostgresStore.Effects(time: WallClock(), random: SeededRandom())
    effects.databaseClock = clock
    return try PostgresStore(server, options: options, effects: effects, logger: logger)
  }

  /// A logger that nobody reads.
  public static var silent: Logger { Logger(label: "test") { _ in SwiftLogNoOpLogHandler() } }

  /// Runs a statement on a connection of its own.
  public func administer(_ statement: String) async throws {
    var options = Self.options
    options.writersMax = 1
    let store = try Self.open(self.place(), options: options)
    do {
      try await store.write { try $0.execute(SQL(stringLiteral: statement)) }
    } catch {
      await store.close()
      throw error
    }
    await store.close()
  }
}

extension PostgresServer {
  /// The database of a server that `Tools/dev/postgres.sh` has made in a folder.
  public init(madeIn folder: String) throws {
    let port = try String(contentsOfFile: folder + "/port", encoding: .utf8)
    self.init(host: "127.0.0.1", port: Int(port.dropLast()) ?? 0, database: "anju", user: "anju")
    self.passwordFile = folder + "/password"
    self.tls = .disable
  }
}

/// Lets so many go on at a time, in the order they came.
private final class Turns: Sendable {
  private struct State {
    var free: Int
    var waiting: [CheckedContinuation<Void, Never>] = []
  }

  private let state: Mutex<State>

  init(_ count: Int) {
    self.state = Mutex(State(free: count))
  }

  func take() async {
    await withCheckedContinuation { continuation in
      let isFree = self.state.withLock { state in
        if state.free == 0 {
          state.waiting.append(continuation)
          return false
        }
        state.free -= 1
        return true
      }
      if isFree { continuation.resume() }
    }
  }

  func give() {
    let next = self.state.withLock { state -> CheckedContinuation<Void, Never>? in
      if state.waiting.isEmpty {
        state.free += 1
        return nil
      }
      return state.waiting.removeFirst()
    }
    next?.resume()
  }
}

/// The machine's own clock, for what waits for a real server.
public struct WallClock: TimeSource {
  /// It.
  public init() {}

  /// The present instant.
  public func now() -> Timestamp {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Timestamp(milliseconds: Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000)
  }

  /// Sleeps till then.
  public func sleep(until deadline: Timestamp) async throws {
    let left = deadline.milliseconds - self.now().milliseconds
    if left > 0 { try await Task.sleep(for: .milliseconds(left)) }
  }
}
