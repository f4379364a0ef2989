import DomainModel
import Logging
import NIOCore
import RPC
import TestSupport
import Testing
import Transport

/// Certificates and keys that are wrong, and those that change while a server runs.
@Suite(.timeLimit(.minutes(10))) struct TLSFilesTests {
  /// What is wrong with the files, and what the start says after the path.
  static let unusable: [(@Sendable (inout TLSPair) throws -> Void, String)] = [
    ({ $0.server.identity.certificate += ".gone" }, "server.pem.gone: No such file or directory"),
    ({ $0.server.identity.key += ".gone" }, "server.key.gone: No such file or directory"),
    (
      { $0.server.identity.certificate = $0.server.identity.key },
      "server.key: no certificate in PEM can be read from it"
    ),
    (
      { $0.server.identity.key = $0.server.identity.certificate },
      "server.pem: no unencrypted private key in PEM can be read from it"
    ),
    (
      { $0.server.identity.key = try $0.certificates.issue("other").key },
      "other.key: it is not the key of "
    ),
    (
      { $0.server.clientRoots = $0.server.identity.key },
      "server.key: no certificate in PEM can be read from it"
    ),
    ({ $0.server.clientRoots = nil }, "client certificates are required, but no roots are named"),
    (
      {
        try $0.certificates.write(
          String(repeating: "x", count: 1 << 21), to: $0.server.identity.key)
      },
      "server.key: it has more than 1048576 bytes"
    ),
  ]

  @Test(arguments: unusable.indices)
  func `a server that cannot use its files does not start and says which`(
    _ index: Int
  ) async throws {
    var pair = try TLSPair.mutual()
    try Self.unusable[index].0(&pair)
    let tls = pair.server
    let error = await #expect(throws: TransportError.self) {
      try await withSecureServer(tls) { _, _ in () }
    }
    #expect(error?.description.contains(Self.unusable[index].1) == true, "\(error as Any)")
  }

  @Test func `a client that cannot use its files says which`() async throws {
    var pair = try TLSPair.mutual()
    pair.client.roots? += ".gone"
    try await withSecureServer(pair.server) { [pair] _, port in
      try await withSecureChannel(pair.client, port) { channel in
        let error = await echoError(channel)
        #expect(error?.contains("roots.pem.gone: No such file") == true, "\(error ?? "")")
      }
    }
  }

  @Test func `a new certificate holds for new connections, and old ones live on`() async throws {
    let pair = try TLSPair.mutual()
    let logs = RecordedLogs()
    try await withSecureServer(pair.server, logger: logs.logger()) { _, port in
      try await withSecureChannel(pair.client, port) { old in
        #expect(await echoError(old) == nil)
        let renewed = try pair.certificates.issue("renewed", for: ["DNS:renewed.anju"])
        try pair.certificates.copy(renewed.certificate, to: pair.server.identity.certificate)
        try pair.certificates.copy(renewed.key, to: pair.server.identity.key)
        #expect(await eventually { logs.says("new TLS files in use") })
        var client = pair.client
        client.serverName = "renewed.anju"
        try await withSecureChannel(client, port) { #expect(await echoError($0) == nil) }
        #expect(await echoError(old) == nil)
      }
    }
    #expect(!logs.says("the new TLS files cannot be used"))
  }

  @Test func `files that cannot be used leave those of before in force and are told once`()
    async throws
  {
    let pair = try TLSPair.mutual()
    let logs = RecordedLogs()
    try await withSecureServer(pair.server, logger: logs.logger()) { server, port in
      #expect(server.tlsProblem() == nil)
      try pair.certificates.write("nothing", to: pair.server.identity.certificate)
      #expect(await eventually { logs.says("the new TLS files cannot be used") })
      try await withSecureChannel(pair.client, port) { #expect(await echoError($0) == nil) }
      #expect(server.tlsProblem()?.contains("no certificate in PEM") == true)
      // The same again, many looks long, is no news; the cure is.
      try await ContinuousClock().sleep(for: .milliseconds(pair.server.checkMs * 10))
      let told = logs.lines.filter { $0.level == .error }
      #expect(told.count == 1)
      #expect(told.first?.metadata["tls.file"] == pair.server.identity.certificate)
      #expect(told.first?.metadata["error"] == "no certificate in PEM can be read from it")
      try pair.certificates.issue("server")
      #expect(await eventually { logs.says("new TLS files in use") })
      #expect(server.tlsProblem() == nil)
      try await withSecureChannel(pair.client, port) { #expect(await echoError($0) == nil) }
    }
  }

  @Test func `a certificate whose key comes a while later is used with it`() async throws {
    let pair = try TLSPair.mutual()
    let logs = RecordedLogs()
    try await withSecureServer(pair.server, logger: logs.logger()) { server, port in
      let renewed = try pair.certificates.issue("renewed", for: ["DNS:renewed.anju"])
      try pair.certificates.copy(renewed.certificate, to: pair.server.identity.certificate)
      #expect(await eventually { server.tlsProblem()?.contains("it is not the key of") == true })
      try await withSecureChannel(pair.client, port) { #expect(await echoError($0) == nil) }
      try pair.certificates.copy(renewed.key, to: pair.server.identity.key)
      #expect(await eventually { server.tlsProblem() == nil })
      var client = pair.client
      client.serverName = "renewed.anju"
      try await withSecureChannel(client, port) { #expect(await echoError($0) == nil) }
    }
  }

  @Test func `a client shows its new certificate on its next connection`() async throws {
    let pair = try TLSPair.mutual()
    let seen = SeenNames()
    var service = EchoService()
    service.onEcho = { _, context in seen.add(context.peer?.dnsNames.first ?? "nobody") }
    try await withSecureServer(pair.server, service) { _, port in
      let identity = try #require(pair.client.identity)
      try await withSecureChannel(pair.client, port) { #expect(await echoError($0) == nil) }
      let renewed = try pair.certificates.issue("renewed", for: ["DNS:renewed.anju"])
      try pair.certificates.copy(renewed.certificate, to: identity.certificate)
      try pair.certificates.copy(renewed.key, to: identity.key)
      try await withSecureChannel(pair.client, port) { #expect(await echoError($0) == nil) }
    }
    #expect(seen.names == ["intake.anju", "renewed.anju"])
  }

  @Test func `a certificate that has expired is a problem of the server's`() async throws {
    let pair = try TLSPair.serverOnly()
    let later = FakeClock(Timestamp(milliseconds: 4_102_444_800_000))
    try await withSecureServer(pair.server, clock: later) { server, _ in
      #expect(server.tlsProblem()?.contains("server.pem: the certificate has expired") == true)
    }
  }
}

extension RecordedLogs {
  /// Whether there is a line whose message begins so.
  func says(_ message: String) -> Bool {
    self.lines.contains { $0.message.hasPrefix(message) }
  }
}
