import ArgumentParser
import DomainModel
import Glibc
import Logging
import RPC
import ServiceKit
import Transport
import UnixSignals

/// The gRPC project's test service as a server, for clients in any language. Health and reflection
/// are served too, and a page at `/` for suites that know HTTP/2 only.
@main
struct InteropServer: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "interop-server",
    abstract: "Serve grpc.testing.TestService on loopback until SIGTERM.")

  /// How long calls under way may take to end after a signal, in milliseconds.
  static let drainMs: Int64 = 5_000

  @Option(help: "The port; 0 for any free one.")
  var port = 0

  @Option(help: "A bound of the transport, such as stalledMs=1000; may be repeated.")
  var limit: [LimitOption] = []

  @Flag(help: "Speak TLS.")
  var tls = false

  @Option(help: "The PEM file of the server's certificate, and of those that lead to its root.")
  var cert: String?

  @Option(help: "The PEM file of its private key.")
  var key: String?

  @Flag(help: "Log a line for each call.")
  var verbose = false

  func validate() throws {
    guard self.tls == (self.cert != nil), self.tls == (self.key != nil) else {
      throw ValidationError("--tls, --cert and --key go together")
    }
  }

  func run() async throws {
    let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint)
    let health = HealthRegistry(clock: SystemClock())
    let server = try self.server(health)
    let port = try await server.start()
    health.beginServing()
    print("listening on 127.0.0.1:\(port)")
    fflush(nil)
    for await _ in signals { break }
    health.stopServing()
    await server.drain(within: Self.drainMs)
  }

  private func server(_ health: HealthRegistry) throws -> GRPCServer {
    var logger = Logger(label: "interop-server") { StreamLogHandler.standardError(label: $0) }
    logger.logLevel = self.verbose ? .debug : .warning
    let builtIn = BuiltInServices(health: health, reflects: true)
    var access = TestService.access
    builtIn.allow(in: &access)
    var router = RPCRouter(identity: nil, access: access, logger: logger)
    TestService(clock: SystemClock()).register(on: &router)
    builtIn.register(on: &router)
    var configuration = ServerConfiguration(port: self.port, clock: SystemClock())
    for option in self.limit { option.apply(&configuration.limits) }
    FileLimit.raise()
    if let cert = self.cert, let key = self.key {
      configuration.tls = ServerTLS(identity: CertificateFiles(certificate: cert, key: key))
    }
    configuration.page = PlainPage(path: "/", body: "Here is grpc.testing.TestService.\n")
    return GRPCServer(configuration: configuration, router: router, logger: logger)
  }
}
