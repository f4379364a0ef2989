package import ArgumentParser
import Crypto
import DomainModel
package import RPC
package import Transport
package import Wire

/// Where the four services are, and how long one call may take. An address may stand in the
/// environment instead, under the name that its help says.
package struct Addresses: ParsableArguments {
  package init() {}

  @Option(help: "The intake service's addresses, with commas between (ANJU_INTAKE).")
  package var intake = environment("ANJU_INTAKE") ?? "127.0.0.1:50051"

  @Option(help: "The approval service's addresses, with commas between (ANJU_APPROVAL).")
  package var approval = environment("ANJU_APPROVAL") ?? "127.0.0.1:50052"

  @Option(help: "The notification service's addresses, with commas between (ANJU_NOTIFICATION).")
  package var notification = environment("ANJU_NOTIFICATION") ?? "127.0.0.1:50053"

  @Option(help: "The certificate registry's addresses, with commas between (ANJU_REGISTRY).")
  package var registry = environment("ANJU_REGISTRY") ?? "127.0.0.1:50054"

  @OptionGroup package var tls: TLSOptions

  @Option(help: "How long one call may take, in seconds.")
  package var timeout = 10

  @OptionGroup package var credentials: Credentials

  @Flag(help: "Print JSON, one object a line.")
  package var json = false

  package func validate() throws {
    for address in [self.intake, self.approval, self.notification, self.registry] {
      guard ServerAddress.list(address) != nil else {
        throw ValidationError("\(address) is not an address such as 127.0.0.1:50051.")
      }
    }
    guard (1...3600).contains(self.timeout) else {
      throw ValidationError("--timeout is 1 to 3600 seconds.")
    }
  }
}

extension ServerAddress {
  /// Reads `host:port`, or several with commas between; nil for anything else.
  package static func list(_ text: String) -> [ServerAddress]? {
    let parts = text.split(separator: ",", omittingEmptySubsequences: false)
    let addresses = parts.compactMap { part -> ServerAddress? in
      guard let colon = part.lastIndex(of: ":"), colon != part.startIndex,
        let port = Int(part[part.index(after: colon)...]), (1...65535).contains(port)
      else { return nil }
      return ServerAddress(host: String(part[..<colon]), port: port)
    }
    return addresses.count == parts.count ? addresses : nil
  }
}

/// The clients of all four services, connected when they are first used.
package struct Services: Sendable {
  package let intake: IntakeV1.IntakeServiceClient
  package let approval: ApprovalV1.ApprovalServiceClient
  package let notification: NotificationV1.NotificationServiceClient
  package let registry: RegistryV1.CertificateRegistryServiceClient
  package let channels: [(name: String, channel: GRPCClientChannel)]
  package let timeoutMs: Int64?
  private let tokens: any CallerTokens

  /// Clients of the services at these addresses. `tokens` may be shared with others, and
  /// `configure` change how each channel is made.
  package init(
    _ addresses: Addresses, tokens: Tokens? = nil,
    configure: (inout ClientConfiguration) -> Void = { _ in }
  ) throws {
    let targets = [
      ("intake", addresses.intake), ("approval", addresses.approval),
      ("notification", addresses.notification), ("registry", addresses.registry),
    ]
    self.channels = try targets.map { name, address in
      guard let servers = ServerAddress.list(address) else {
        throw ValidationError("\(address) is not an address such as 127.0.0.1:50051.")
      }
      var configuration = ClientConfiguration(servers: servers, random: SecureRandom())
      configuration.tls = addresses.tls.client
      configure(&configuration)
      return (name, GRPCClientChannel(configuration))
    }
    self.intake = IntakeV1.IntakeServiceClient(self.channels[0].channel)
    self.approval = ApprovalV1.ApprovalServiceClient(self.channels[1].channel)
    self.notification = NotificationV1.NotificationServiceClient(self.channels[2].channel)
    self.registry = RegistryV1.CertificateRegistryServiceClient(self.channels[3].channel)
    self.timeoutMs = Int64(addresses.timeout) * 1000
    self.tokens = tokens ?? Tokens(addresses.credentials)
  }

  /// Clients of services in this very process, whose clock may be another than the machine's: no
  /// call has a time limit.
  package init(
    intake: any RPCChannel, approval: any RPCChannel, notification: any RPCChannel,
    registry: any RPCChannel, tokens: any CallerTokens
  ) {
    self.channels = []
    self.intake = IntakeV1.IntakeServiceClient(intake)
    self.approval = ApprovalV1.ApprovalServiceClient(approval)
    self.notification = NotificationV1.NotificationServiceClient(notification)
    self.registry = RegistryV1.CertificateRegistryServiceClient(registry)
    self.timeoutMs = nil
    self.tokens = tokens
  }

  /// Options for one call by `caller`, or by whom the token names that was given.
  package func options(as caller: Caller) throws -> CallOptions {
    CallOptions(
      timeoutMs: self.timeoutMs, metadata: Metadata(bearer: try self.tokens.token(for: caller)))
  }

  /// Options for one call that anybody may make.
  package var anybody: CallOptions { CallOptions(timeoutMs: self.timeoutMs) }

  /// Closes every connection.
  package func close() async {
    for (_, channel) in self.channels { await channel.close() }
  }
}

extension Addresses {
  /// Runs `body` with the four clients and closes them; tells a service's refusal as one sentence.
  package func withServices(_ body: (Services) async throws -> Void) async throws {
    let services = try Services(self)
    do {
      try await body(services)
      await services.close()
    } catch let error as ServiceError {
      await services.close()
      Output(json: self.json).refusal(error)
      throw ExitCode.failure
    } catch {
      await services.close()
      throw error
    }
  }
}
