import Crypto
import DomainModel
import Foundation
import Logging
import RPC
import Storage
import StorageSQLite
import TestSupport
import Testing

@testable import ServiceKit

/// A service's settings, keys and store without its process.
struct OfflineServiceTests {
  private static let migrations = [
    Migration("things", ["CREATE TABLE thing (name $TEXT PRIMARY KEY, sealed $BYTES) $TABLE;"])
  ]
  private static let sealed = [SealedTable("thing", "sealed", id: "name")]

  private static func service(
    _ name: ServiceName, in folder: String, _ more: [String: String] = [:]
  ) throws -> OfflineService {
    let prefix = name.rawValue.uppercased()
    let own = [
      "\(prefix)_DATA_DIRECTORY": "\(folder)/data", "\(prefix)_KEYS_DIRECTORY": "\(folder)/keys",
    ]
    return try OfflineService(
      name, environment: own.merging(more) { $1 }, logger: Logger(label: "test"))
  }

  private static func number(_ question: SQL, _ store: any Store) async throws -> Int? {
    try await store.write { try $0.row(question)?.int("n") }
  }

  private static func withFolder(_ body: (String) async throws -> Void) async throws {
    let folder = NSTemporaryDirectory() + "offline-\(UUID().uuidString)"
    try FileManager.default.createDirectory(
      atPath: "\(folder)/made", withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try await body(folder)
  }

  @Test func `its store opens under the keys that the process will find`() async throws {
    try await Self.withFolder { folder in
      let service = try Self.service(.registry, in: folder)
      #expect(try !service.hasStore())
      let keys = try service.openKeys()
      #expect(keys.signingKey != nil)
      var options = SQLiteOptions()
      options.isDurable = false
      let clock = FakeClock()
      let made = try await service.makeStore(
        at: "\(folder)/made/registry.db", Self.migrations, sealed: Self.sealed, keys: keys,
        options: options, time: clock)
      #expect(try await Self.number("SELECT synchronous AS n FROM pragma_synchronous", made) == 0)
      await made.close()
      try FileManager.default.createDirectory(
        atPath: "\(folder)/data", withIntermediateDirectories: false)
      try FileManager.default.moveItem(atPath: "\(folder)/made/registry.db", toPath: service.path)
      #expect(try service.hasStore())
      // As its process does it.
      let place = KeyRing.Place(directory: "\(folder)/keys", service: "registry", signs: true)
      let ring = try KeyRing.load(place, storeHasData: true, random: SecureRandom())
      let store = try SQLiteStore(.file(service.path), time: clock, logger: Logger(label: "test"))
      #expect(try await Self.number("SELECT synchronous AS n FROM pragma_synchronous", store) == 2)
      try await SealCheck(store, Self.sealed, keyFile: place.dataKeyPath).run(ring.sealer)
      #expect(try await Self.number("SELECT COUNT(*) AS n FROM seal_check", store) == 1)
      await store.close()
    }
  }

  @Test func `what only its process declares is not looked at, what is wrong is told`() throws {
    let service = try Self.service(.registry, in: "/nowhere", ["REGISTRY_FEED_SINKS": "none"])
    #expect(service.place == "/nowhere/data/registry.db")
    #expect(throws: ConfigurationError.self) {
      try Self.service(.registry, in: "/nowhere", ["REGISTRY_STORE_ENGINE": "oracle"])
    }
  }
}
