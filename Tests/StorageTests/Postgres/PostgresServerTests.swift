import DomainModel
import Foundation
import Storage
import StoragePostgres
import TestSupport
import Testing

/// What happens to a whole server under a store: stopped, restarted, turned into a standby, its
/// disk full. Each case has a server of its own.
@Suite(.onPostgres) struct PostgresServerTests {
  private typealias Pairs = PostgresOutageTests

  private static func open(_ own: PrivateServer, database: String = "anju") throws -> PostgresStore
  {
    var place = try own.place
    place.database = database
    return try TestServer.open(place)
  }

  private static func migrate(_ store: PostgresStore) async throws {
    try await Migrator([Migration("1", Pairs.schema)]).migrate(store, now: MigratorTests.now)
  }

  /// Nobody calls meanwhile: the keeper finds out.
  private static func waitUntilWell(_ store: PostgresStore) async throws {
    while store.fault != nil { try await Task.sleep(for: .milliseconds(20)) }
  }

  private static func waitUntilIll(_ store: PostgresStore) async throws {
    while store.fault == nil { try await Task.sleep(for: .milliseconds(20)) }
  }

  private static func waitUntilFault(_ store: PostgresStore, says text: String) async throws {
    while store.fault?.description.contains(text) != true {
      try await Task.sleep(for: .milliseconds(20))
    }
  }

  @Test func `a store is opened once its server is there, and outlives its restarts`()
    async throws
  {
    try await PrivateServer.run { own in
      try await own.script("stop")
      let error = #expect(throws: StorageError.self) { _ = try Self.open(own) }
      let text = error?.description ?? ""
      #expect(text.contains("127.0.0.1:\(try own.place.port)"), "\(text)")
      #expect(text.contains("is the server there"), "\(text)")
      try await own.script("again")
      let store = try Self.open(own)
      try await Self.migrate(store)
      for round in 0..<3 {
        try await Pairs.write(round, store)
        // Nobody calls while it is away; the connections that stood idle are dead afterwards.
        try await own.script("stop")
        try await Self.waitUntilIll(store)
        try await own.script("again")
        try await Self.waitUntilWell(store)
      }
      try await Pairs.write(3, store)
      try await Pairs.expectRows(store, Array(0...3))
      await store.close()
    }
  }

  /// A server that was made a standby, as after a fail-over that went the other way.
  @Test func `a standby is told from a primary, and taken once it is promoted`() async throws {
    try await PrivateServer.run { own in
      let store = try Self.open(own)
      try await Self.migrate(store)
      try await Pairs.write(1, store)
      let mark = own.folder + "/data/standby.signal"
      try await own.script("stop")
      #expect(FileManager.default.createFile(atPath: mark, contents: nil))
      try await own.script("again")
      let error = #expect(throws: StorageError.self) { _ = try Self.open(own) }
      #expect(error?.description.contains("does it take writes") == true)
      await Pairs.expectRefused(2, store)
      // What the stopped server made it say may stand until the keeper has come to the standby.
      try await Self.waitUntilFault(store, says: "does it take writes")
      try await own.script("stop")
      try FileManager.default.removeItem(atPath: mark)
      try await own.script("again")
      try await Self.waitUntilWell(store)
      try await Pairs.write(3, store)
      try await Pairs.expectRows(store, [1, 3])
      await store.close()
    }
  }

  @Test(.enabled(if: SmallDisk.isPossible, "only root may mount a disk that is small enough"))
  func `a disk that is really full refuses writes until there is room`() async throws {
    try await PrivateServer.run { own in
      try await SmallDisk.run(beside: own.folder) { disk in
        try await own.script("database", "small", disk.folder)
        let store = try Self.open(own, database: "small")
        try await Self.migrate(store)
        try await Pairs.write(1, store)
        try disk.fill()
        var id = 2
        var kept = [1]
        // What is allocated already is used up first.
        while store.fault == nil {
          do {
            try await Pairs.write(id, store)
            kept.append(id)
          } catch let error as ServiceError {
            #expect(error.reason == "STORE_UNAVAILABLE")
          }
          id += 1
        }
        guard case .full(let text) = store.fault else {
          Issue.record("\(String(describing: store.fault))")
          return await store.close()
        }
        #expect(text.contains("database small") && text.contains("make room"))
        try await Pairs.expectRows(store, kept)
        try disk.makeRoom()
        try await Self.waitUntilWell(store)
        try await Pairs.write(id, store)
        try await Pairs.expectRows(store, kept + [id])
        await store.close()
      }
    }
  }
}
