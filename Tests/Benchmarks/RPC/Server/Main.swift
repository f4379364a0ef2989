import DomainModel
import Echo
import Foundation
import Logging
import Metrics
import RPC
import ServiceKit
import Transport

/// Echoes through the public API as a service would, with a service's metrics and limits:
///
///     anju-bench-echo-server [--tls CHAIN KEY]
///
/// It listens on a free port of loopback, says `listening on 127.0.0.1:PORT` and serves until it is
/// killed. The log line of each call is off, as the peers write none.
@main
struct EchoServer {
  static func main() async throws {
    MetricsSystem.bootstrap(MetricsRegistry())
    var logger = Logger(label: "echo")
    logger.logLevel = .warning
    var access = AccessTable()
    access.allow(Echo.unary, .anyone)
    access.allow(Echo.stream, .anyone)
    var router = RPCRouter(identity: nil, access: access, logger: logger)
    router.unary(Echo.unary) { (request: Echo.Message, _) in request }
    router.serverStreaming(Echo.stream) {
      (request: Echo.Message, answers: ResponseWriter<Echo.Message>, _) in
      for _ in 0..<Echo.streamedMessages { try await answers.write(request) }
    }
    var configuration = ServerConfiguration(port: 0, clock: SystemClock())
    let arguments = CommandLine.arguments
    if arguments.count == 4, arguments[1] == "--tls" {
      configuration.tls = ServerTLS(
        identity: CertificateFiles(certificate: arguments[2], key: arguments[3]))
    }
    let server = GRPCServer(configuration: configuration, router: router, logger: logger)
    let port = try await server.start()
    FileHandle.standardOutput.write(Data("listening on 127.0.0.1:\(port)\n".utf8))
    await server.run()
  }
}
