import DomainModel
import RPC
import TestSupport
import Testing
import Transport

/// Calls by TLS, and who is let in.
@Suite(.timeLimit(.minutes(10))) struct TLSTests {
  @Test func `all four kinds cross TLS`() async throws {
    let pair = try TLSPair.mutual()
    try await withSecureServer(pair.server) { _, port in
      try await withSecureChannel(pair.client, port) { channel in
        #expect(await echoError(channel) == nil)
        let count: RawMessage = try await channel.clientStreaming(EchoService.count) {
          (requests: RequestWriter<RawMessage>) in
          for _ in 0..<1_000 { try await requests.write(RawMessage("0123456789")) }
        }
        #expect(count.text == "10000")
        let listed = try await channel.serverStreaming(EchoService.list, RawMessage("1000")) {
          (answers: ResponseStream<RawMessage>) in
          try await answers.reduce(into: 0) { count, _ in count += 1 }
        }
        #expect(listed == 1_000)
        let chat = try await channel.bidirectionalStreaming(EchoService.chat) {
          (requests: RequestWriter<RawMessage>, answers: ResponseStream<RawMessage>) in
          var iterator = answers.makeAsyncIterator()
          var echoes = 0
          for number in 0..<100 {
            try await requests.write(RawMessage("\(number)"))
            if try await iterator.next()?.text == "\(number)" { echoes += 1 }
          }
          await requests.finish()
          return echoes
        }
        #expect(chat == 100)
      }
    }
  }

  @Test(arguments: [1, 16_384, 16_385, 1_000_000, 4_194_304])
  func `a message of any size comes back`(_ size: Int) async throws {
    let pair = try TLSPair.serverOnly()
    try await withSecureServer(pair.server) { _, port in
      try await withSecureChannel(pair.client, port) { channel in
        let message = RawMessage((0..<size).map { UInt8($0 % 251) })
        let answer: RawMessage = try await channel.unary(EchoService.echo, message)
        #expect(answer == message)
      }
    }
  }

  @Test func `a handler sees the names of the client's certificate`() async throws {
    let pair = try TLSPair.mutual()
    var service = EchoService()
    service.onEcho = { _, context in
      #expect(context.peer?.uris == ["spiffe://anju/service/intake"])
      #expect(context.peer?.dnsNames == ["intake.anju"])
      #expect(context.peer?.service == .intake)
    }
    try await withSecureServer(pair.server, service) { _, port in
      try await withSecureChannel(pair.client, port) { #expect(await echoError($0) == nil) }
    }
  }

  @Test func `a client that may stay without a certificate is nobody`() async throws {
    var pair = try TLSPair.mutual()
    pair.server.requiresClientCertificate = false
    pair.client.identity = nil
    var service = EchoService()
    service.onEcho = { _, context in #expect(context.peer == nil) }
    try await withSecureServer(pair.server, service) { _, port in
      try await withSecureChannel(pair.client, port) { #expect(await echoError($0) == nil) }
    }
  }

  @Test func `a client without a certificate is turned away where one is needed`() async throws {
    var pair = try TLSPair.mutual()
    pair.client.identity = nil
    let logs = RecordedLogs()
    try await withSecureServer(pair.server, logger: logs.logger()) { [pair] _, port in
      try await withSecureChannel(pair.client, port) { channel in
        let error = await echoError(channel)
        #expect(error?.contains("certificate required") == true, "\(error ?? "")")
      }
    }
    let line = logs.lines.first { $0.message == "TLS handshake failed" }
    #expect(line?.metadata["error"] == "peer did not return a certificate")
    #expect(line?.metadata["net.peer"] == "127.0.0.1")
  }

  @Test func `a client of another authority is turned away`() async throws {
    var pair = try TLSPair.mutual()
    let other = try TestCertificates()
    pair.client.identity = CertificateFiles(try other.issue("stranger"))
    try await withSecureServer(pair.server) { [pair] _, port in
      try await withSecureChannel(pair.client, port) { channel in
        let error = await echoError(channel)
        #expect(error?.contains("unknown ca") == true, "\(error ?? "")")
      }
    }
  }

  @Test func `an expired client certificate is turned away, also when its session is resumed`()
    async throws
  {
    var pair = try TLSPair.mutual()
    let expired = try pair.certificates.issue("expired", days: -1)
    let valid = pair.client.identity
    pair.client.identity = CertificateFiles(expired)
    try await withSecureServer(pair.server) { [pair] _, port in
      try await withSecureChannel(pair.client, port) { #expect(await echoError($0) != nil) }
    }
    // The server's clock is ahead of the one that TLS verified by, as it is when a session resumes.
    pair.client.identity = valid
    let later = FakeClock(Timestamp(milliseconds: 4_102_444_800_000))
    let logs = RecordedLogs()
    try await withSecureServer(pair.server, clock: later, logger: logs.logger()) {
      [pair] _, port in
      try await withSecureChannel(pair.client, port) { #expect(await echoError($0) != nil) }
    }
    let line = logs.lines.first { $0.message == "TLS handshake failed" }
    #expect(line?.metadata["error"] == "the peer's certificate has expired")
  }

  /// What is wrong with the server, and what the caller is told.
  static let distrusted: [(String, @Sendable (inout TLSPair) throws -> Void, String)] = [
    (
      "another authority's",
      {
        $0.other = try TestCertificates()
        $0.client.roots = $0.other?.roots
      }, "certificate verify failed"
    ),
    (
      "an expired one",
      { $0.server.identity = CertificateFiles(try $0.certificates.issue("server", days: -1)) },
      "certificate verify failed"
    ),
    (
      "one for another address",
      {
        let names = ["DNS:localhost", "IP:127.0.0.2"]
        $0.server.identity = CertificateFiles(try $0.certificates.issue("server", for: names))
      }, "for another name or address"
    ),
    (
      "one for another name", { $0.client.serverName = "approval.anju" },
      "for another name or address"
    ),
  ]

  @Test(arguments: distrusted.indices)
  func `a server whose certificate does not prove it is not called`(_ index: Int) async throws {
    var pair = try TLSPair.serverOnly()
    let (_, change, reason) = Self.distrusted[index]
    try change(&pair)
    let reached = Progress()
    var service = EchoService()
    service.onEcho = { _, _ in reached.step() }
    try await withSecureServer(pair.server, service) { [pair] _, port in
      try await withSecureChannel(pair.client, port) { channel in
        let error = await echoError(channel)
        #expect(error?.contains(reason) == true, "\(error ?? "no error")")
      }
    }
    #expect(reached.count == 0)
  }

  @Test func `a server is also found by its name`() async throws {
    var pair = try TLSPair.serverOnly()
    try await withSecureServer(pair.server) { [pair] _, port in
      try await withSecureChannel(pair.client, port, host: "localhost") {
        #expect(await echoError($0) == nil)
      }
    }
    let named = try pair.certificates.issue("server", for: ["DNS:approval.anju"])
    pair.server.identity = CertificateFiles(named)
    pair.client.serverName = "approval.anju"
    try await withSecureServer(pair.server) { [pair] _, port in
      try await withSecureChannel(pair.client, port) { #expect(await echoError($0) == nil) }
    }
  }

  @Test func `plaintext and TLS do not meet`() async throws {
    let pair = try TLSPair.serverOnly()
    try await withSecureServer(pair.server) { _, port in
      try await withSecureChannel(nil, port) { #expect(await echoError($0) != nil) }
      try await withSecureChannel(pair.client, port) { #expect(await echoError($0) == nil) }
    }
    try await withLoopback { _, _, port in
      try await withSecureChannel(pair.client, port) { #expect(await echoError($0) != nil) }
    }
  }

  @Test func `without TLS no channel leaves this machine`() async throws {
    // A documentation address (RFC 5737): were it called, the call would hang.
    try await withSecureChannel(nil, 50_051, host: "192.0.2.1") { channel in
      let error = await echoError(channel)
      #expect(error?.contains("192.0.2.1 is not a loopback address") == true, "\(error ?? "")")
    }
  }

  @Test func `a drain by TLS loses no call and is over soon`() async throws {
    let pair = try TLSPair.mutual()
    var service = EchoService()
    let begun = Progress()
    service.onEcho = { _, _ in
      begun.step()
      try await ContinuousClock().sleep(for: .milliseconds(300))
    }
    try await withSecureServer(pair.server, service) { server, port in
      try await withSecureChannel(pair.client, port) { channel in
        async let error = echoError(channel)
        #expect(await eventually { begun.count == 1 })
        #expect(await server.drain(within: 5_000))
        #expect(await error == nil)
      }
    }
  }
}
