import DomainModel
import Logging
import RPC
import TestSupport
import Transport

/// The two sides of a TLS connection, from one authority.
struct TLSPair {
  let certificates: TestCertificates
  /// An authority that the other side does not know.
  var other: TestCertificates?
  var server: ServerTLS
  var client: ClientTLS

  /// Both sides with a certificate; the client's is a service's.
  static func mutual() throws -> TLSPair {
    let certificates = try TestCertificates(copying: try Self.made.get())
    var pair = TLSPair(
      certificates: certificates,
      server: ServerTLS(
        identity: CertificateFiles(certificates.pair("server")),
        clientRoots: certificates.roots),
      client: ClientTLS(
        roots: certificates.roots, identity: CertificateFiles(certificates.pair("client"))))
    pair.server.checkMs = 20
    pair.client.checkMs = 20
    return pair
  }

  /// Made once a run; each test has a copy.
  private static let made = Result {
    let certificates = try TestCertificates()
    try certificates.issue("server")
    try certificates.issue(
      "client", for: ["DNS:intake.anju", "URI:spiffe://anju/service/intake"])
    return certificates
  }

  /// Only the server has one.
  static func serverOnly() throws -> TLSPair {
    var pair = try Self.mutual()
    pair.server.clientRoots = nil
    pair.server.requiresClientCertificate = false
    pair.client.identity = nil
    return pair
  }
}

extension CertificateFiles {
  init(_ pair: TestCertificates.Pair) {
    self.init(certificate: pair.certificate, key: pair.key)
  }
}

/// Runs `body` with a server by TLS on loopback and its port, and stops it.
func withSecureServer<Result>(
  _ tls: ServerTLS, _ service: EchoService = EchoService(),
  limits: TransportLimits = TransportLimits(), clock: any TimeSource = WallClock(),
  logger: Logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
  _ body: (GRPCServer, Int) async throws -> Result
) async throws -> Result {
  var configuration = ServerConfiguration(port: 0, clock: clock, limits: limits)
  configuration.tls = tls
  let server = GRPCServer(
    configuration: configuration, router: service.router(logger: logger), logger: logger)
  let port = try await server.start()
  do {
    let result = try await body(server, port)
    await server.drain(within: 1_000)
    return result
  } catch {
    await server.drain(within: 0)
    throw error
  }
}

/// Runs `body` with a channel by TLS to a port of loopback, and closes it.
func withSecureChannel<Result>(
  _ tls: ClientTLS?, _ port: Int, host: String = "127.0.0.1", logger: Logger? = nil,
  _ body: (GRPCClientChannel) async throws -> Result
) async throws -> Result {
  var configuration = ClientConfiguration(host: host, port: port, random: SeededRandom())
  configuration.tls = tls
  configuration.logger = logger
  let channel = GRPCClientChannel(configuration)
  do {
    let result = try await body(channel)
    await channel.close()
    return result
  } catch {
    await channel.close()
    throw error
  }
}

/// The error that one echo ends with; nil if it comes back.
func echoError(_ channel: GRPCClientChannel) async -> String? {
  do {
    let answer: RawMessage = try await channel.unary(EchoService.echo, RawMessage("hello"))
    return answer.text == "hello" ? nil : "another answer"
  } catch {
    return "\(error)"
  }
}
