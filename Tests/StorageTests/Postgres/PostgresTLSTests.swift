import Foundation
import Storage
import StoragePostgres
import TestSupport
import Testing

/// The way to a server by TLS: encrypted, and the server proven.
@Suite(.onPostgres) struct PostgresTLSTests {
  /// Has the server show a certificate from its next start on.
  private static func give(_ pair: TestCertificates.Pair, to own: PrivateServer) throws {
    let data = own.folder + "/data"
    let files = FileManager.default
    let owner = try files.attributesOfItem(atPath: data)[.ownerAccountID]
    for (from, name) in [(pair.certificate, "server.crt"), (pair.key, "server.key")] {
      let path = "\(data)/\(name)"
      try files.copyItem(atPath: from, toPath: path)
      var attributes: [FileAttributeKey: Any] = [.posixPermissions: 0o600]
      attributes[.ownerAccountID] = owner
      try files.setAttributes(attributes, ofItemAtPath: path)
    }
    let settings = try #require(FileHandle(forWritingAtPath: data + "/postgresql.conf"))
    try settings.seekToEnd()
    try settings.write(contentsOf: Data("\nssl = on\n".utf8))
    try settings.close()
  }

  private static func error(_ server: PostgresServer) throws -> String {
    let error = #expect(throws: StorageError.self) { _ = try TestServer.open(server) }
    return try #require(error).description
  }

  @Test func `a server is believed by its certificate only`() async throws {
    let authority = try TestCertificates()
    let stranger = try TestCertificates()
    let pair = try authority.issue("server", for: ["DNS:localhost"])
    try await PrivateServer.run { own in
      try Self.give(pair, to: own)
      try await own.script("stop")
      try await own.script("again")
      var server = try own.place
      server.host = "localhost"
      server.tls = .verifyFull
      server.tlsRoots = authority.roots
      let store = try TestServer.open(server)
      let isEncrypted = try await store.read {
        try $0.row("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()")?.bool("ssl")
      }
      #expect(isEncrypted == true)
      await store.close()

      server.tlsRoots = stranger.roots
      #expect(try Self.error(server).contains("certificate verify failed"))
      server.tlsRoots = authority.folder + "/none.pem"
      #expect(try Self.error(server).contains("/none.pem"))
      server.tlsRoots = authority.roots
      // The certificate names no address.
      server.host = "127.0.0.1"
      #expect(try Self.error(server).contains("does not match host name"))
      server.tls = .verifyCA
      await (try TestServer.open(server)).close()
    }
  }
}
