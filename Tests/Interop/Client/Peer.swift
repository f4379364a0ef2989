import Crypto
import RPC
import Transport
import Wire

/// The server under test, as a case reaches it.
struct Peer: Sendable {
  let options: ClientOptions
  let channel: GRPCClientChannel

  init(_ options: ClientOptions) {
    self.options = options
    self.channel = Self.connect(options)
  }

  /// Its test service, over the channel that all calls of a case share.
  var service: GrpcTesting.TestServiceClient { GrpcTesting.TestServiceClient(self.channel) }

  /// How the server is named in what a case tells.
  var name: String { "\(self.options.serverHost):\(self.options.serverPort)" }

  /// A channel of its own.
  func connect() -> GRPCClientChannel { Self.connect(self.options) }

  private static func connect(_ options: ClientOptions) -> GRPCClientChannel {
    var configuration = ClientConfiguration(
      host: options.serverHost, port: options.serverPort, random: SecureRandom())
    if options.useTLS {
      configuration.tls = ClientTLS(roots: options.roots, serverName: options.serverName)
    }
    if let name = options.serverName { configuration.authority = name }
    return GRPCClientChannel(configuration)
  }
}
