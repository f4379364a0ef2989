import DomainModel
import Foundation
import Storage
import StoragePostgres
import TestSupport
import Testing

/// Servers, databases, users and passwords that are not as they should be.
@Suite(.onPostgres) struct PostgresFaultTests {
  /// What is wrong with where the store is to be, and what is said of it.
  struct Wrong: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let told: [String]
    let make: @Sendable (inout PostgresServer, _ folder: String) throws -> Void
  }

  static func write(_ text: String, to path: String, mode: mode_t = 0o600) throws {
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    chmod(path, mode)
  }

  static let wrongs = [
    Wrong(testDescription: "no server", told: ["127.0.0.1:1,", "refused"]) {
      server, _ in server.port = 1
    },
    Wrong(testDescription: "no such database", told: ["database none", "create it"]) {
      server, _ in server.database = "none"
    },
    Wrong(testDescription: "no such user", told: ["user nobody", "pg_hba.conf"]) {
      server, _ in server.user = "nobody"
    },
    Wrong(testDescription: "a wrong password", told: ["check the user", "/password"]) {
      server, folder in
      server.passwordFile = folder + "/password"
      try Self.write("wrong-secret\n", to: folder + "/password")
    },
    Wrong(testDescription: "no password", told: ["~/.pgpass"]) { server, _ in
      server.passwordFile = nil
    },
    Wrong(testDescription: "no password file", told: ["/none", "No such file"]) { server, _ in
      server.passwordFile = "/none"
    },
    Wrong(testDescription: "a password that others may read", told: ["chmod 600"]) {
      server, folder in
      server.passwordFile = folder + "/password"
      try Self.write("wrong-secret\n", to: folder + "/password", mode: 0o644)
    },
    Wrong(testDescription: "an empty password file", told: ["it is empty"]) { server, folder in
      server.passwordFile = folder + "/password"
      try Self.write("", to: folder + "/password")
    },
    Wrong(testDescription: "no such schema", told: ["schema nowhere", "create it"]) {
      server, _ in server.schema = "nowhere"
    },
    Wrong(testDescription: "a server without TLS", told: ["SSL"]) { server, _ in
      server.tls = .require
    },
  ]

  @Test(arguments: wrongs)
  func `what is wrong is told in one sentence, without the password`(
    _ wrong: Wrong
  ) async throws {
    try await withTestServer { test in
      try await withTemporaryFolder { folder in
        var server = try test.place()
        try wrong.make(&server, folder)
        let error = #expect(throws: StorageError.self) { _ = try TestServer.open(server) }
        let text = try #require(error).description
        #expect(try #require(error).isOutage)
        for part in wrong.told { #expect(text.contains(part), "\(text)") }
        #expect(!text.contains("secret") && !text.contains("\n"), "\(text)")
      }
    }
  }

  @Test func `a newer schema is refused`() async throws {
    try await withTestServer { test in
      try await test.withStore { store in
        try await Migrator(MigratorTests.steps).migrate(store, now: MigratorTests.now)
        let error = await #expect(throws: StorageError.self) {
          try await Migrator([MigratorTests.steps[0]]).migrate(store, now: MigratorTests.now)
        }
        guard case .schemaRefused = error else {
          Issue.record("\(String(describing: error))")
          return
        }
      }
    }
  }

  /// A server of its own: other cases' connections are not cut.
  @Test func `connections that were cut are made anew, and nobody notices`() async throws {
    try await PrivateServer.run { own in
      let store = try TestServer.open(own.place)
      try await Migrator([Migration("1", PostgresTransactionTests.schema)]).migrate(
        store, now: MigratorTests.now)
      for round in 0..<5 {
        let other = try TestServer.open(own.place)
        try await other.write { transaction in
          _ = try transaction.rows(
            """
            SELECT pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE pid <> pg_backend_pid() AND datname = 'anju'
            """)
        }
        await other.close()
        try await store.write {
          try $0.execute("INSERT INTO thing (id) VALUES (\(round))")
        }
        try await expectEqual(store.count("SELECT id FROM thing"), round + 1)
      }
      #expect(store.statistics.connects > 5)
      await store.close()
    }
  }

  @Test func `a store without its server says so at once, and goes on when it is back`()
    async throws
  {
    try await PrivateServer.run { own in
      let store = try TestServer.open(own.place)
      try await Migrator([Migration("1", PostgresTransactionTests.schema)]).migrate(
        store, now: MigratorTests.now)
      try await own.script("kill")
      for _ in 0..<20 {
        let error = await #expect(throws: ServiceError.self) {
          try await store.write { try $0.execute("INSERT INTO thing (id) VALUES (1)") }
        }
        #expect(error?.reason == "STORE_UNAVAILABLE")
        #expect((error?.retryDelayMs ?? 0) > 0)
      }
      let text = store.fault?.description ?? ""
      #expect(text.contains("127.0.0.1:\(try own.place.port)"), "\(text)")
      try await own.script("again")
      // Nobody calls: the keeper finds out by itself.
      while store.fault != nil { try await Task.sleep(for: .milliseconds(20)) }
      try await store.write { try $0.execute("INSERT INTO thing (id) VALUES (1)") }
      try await expectEqual(store.count("SELECT id FROM thing"), 1)
      await store.close()
    }
  }

  @Test func `a password that was mended is taken without a restart`() async throws {
    try await PrivateServer.run { own in
      let store = try TestServer.open(own.place)
      let path = own.folder + "/password"
      let right = try String(contentsOfFile: path, encoding: .utf8)
      try await own.script("kill")
      try Self.write("wrong-secret\n", to: path)
      try await own.script("again")
      while store.fault?.description.contains("pg_hba.conf") != true {
        _ = try? await store.read { try $0.rows("SELECT 1") }
        try await Task.sleep(for: .milliseconds(20))
      }
      #expect(store.fault?.description.contains("secret") == false)
      try Self.write(right, to: path)
      while store.fault != nil { try await Task.sleep(for: .milliseconds(20)) }
      try await expectEqual(store.count("SELECT 1"), 1)
      await store.close()
    }
  }
}
