import DomainModel
import Foundation
import Storage
import StoragePostgres
import StorageSQLite
import TestSupport
import Testing

/// Kills a process that writes, again and again, and looks what is there: every acknowledged write,
/// and of no other one a half.
@Suite struct CrashTests {
  /// A store that outlives the process that writes to it.
  struct Site: Sendable {
    /// The engine's name and the place for `StoreProbe`.
    let engine: String
    let place: String
    let open: @Sendable () throws -> any Store
    /// The server behind the store, if there is one to be killed.
    var server: PrivateServer?
  }

  /// What dies in a round.
  enum Victim {
    case process
    /// The server, in mid-write; the process goes on when it is back, and dies then.
    case serverThenProcess
    case both
  }

  /// Where there is a server, every fourth round takes it: alone and with the process in turn.
  private static let victims: [Victim] = [
    .process, .serverThenProcess, .process, .process, .process, .both, .process, .process,
  ]
  private static let kills =
    ProcessInfo.processInfo.environment["ANJU_LONG"] == "1" ? 200 : 20
  /// Numbers of one life of the process begin this far apart.
  private static let lifeNumbers = 1_000_000

  @Test func `on SQLite, a killed process loses nothing that it had acknowledged`() async throws {
    try await withTemporaryFolder { folder in
      let place = folder + "/store.sqlite"
      let site = Site(engine: "sqlite", place: place) {
        try SQLiteStore(.file(place), time: FakeTime(), logger: .silent)
      }
      try await Self.killAgainAndAgain(site)
    }
  }

  @Test(.onPostgres)
  func `on PostgreSQL, a killed process or server loses nothing that was acknowledged`()
    async throws
  {
    try await PrivateServer.run { server in
      let place = try server.place
      let site = Site(
        engine: "postgres", place: "\(place.port):\(place.passwordFile ?? "")",
        open: { try TestServer.open(place) }, server: server)
      try await Self.killAgainAndAgain(site)
    }
  }

  private static func killAgainAndAgain(_ site: Site) async throws {
    let random = SeededRandom()
    var acknowledged: Set<Int> = []
    for life in 0..<Self.kills {
      let writing = try WritingProcess(site.engine, site.place, first: life * Self.lifeNumbers)
      // Killed after some acknowledgements, in the middle of whatever comes then.
      let bytes = random.bytes(2)
      let atLeast = 1 + (Int(bytes[0]) << 8 | Int(bytes[1])) % 200
      acknowledged.formUnion(try writing.acknowledgements(atLeast: atLeast))
      let victim = site.server == nil ? .process : Self.victims[life % Self.victims.count]
      acknowledged.formUnion(try await Self.kill(victim, site, writing))
      // Looked at each time, by a start after a crash, and once more after a clean one.
      try await Self.check(site, acknowledged)
    }
    #expect(acknowledged.count >= Self.kills)
    try await Self.check(site, acknowledged)
  }

  /// Kills; returns what was acknowledged until the process's end.
  private static func kill(
    _ victim: Victim, _ site: Site, _ writing: WritingProcess
  ) async throws -> Set<Int> {
    var acknowledged: Set<Int> = []
    if victim != .process { try await site.server?.script("kill") }
    if victim == .serverThenProcess {
      acknowledged.formUnion(try writing.acknowledgementsUntilRefused())
      try await site.server?.script("again")
      // More than could have been on their way when the first was refused.
      acknowledged.formUnion(
        try writing.acknowledgements(atLeast: WritingProcess.writersMax + 1))
    }
    acknowledged.formUnion(writing.killAndDrain())
    if victim == .both { try await site.server?.script("again") }
    return acknowledged
  }

  private static func check(_ site: Site, _ acknowledged: Set<Int>) async throws {
    let store = try site.open()
    var parts: [Int: Int] = [:]
    var after = -1
    // In pages, as everybody else reads.
    while true {
      let bound = after
      let page = try await store.read { snapshot in
        try snapshot.rows(
          """
          SELECT number, COUNT(*) AS parts FROM crash WHERE number > \(bound)
          GROUP BY number ORDER BY number LIMIT 5000
          """
        ).map { (try $0.int("number"), try $0.int("parts")) }
      }
      guard let last = page.last else { break }
      for (number, count) in page { parts[number] = count }
      after = last.0
    }
    await store.close()
    let lost = acknowledged.filter { parts[$0] == nil }
    #expect(lost.isEmpty, "acknowledged, and not there")
    let halves = parts.filter { $0.value != 2 }.keys.sorted()
    #expect(halves.isEmpty, "there in half")
  }
}
