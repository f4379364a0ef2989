import ArgumentParser
import Crypto
import DomainModel
import RPC
import Transport
import Wire

/// Where the four services are, and how long one call may take. An address may stand in the
/// environment instead, under the name that its help says.
struct Addresses: ParsableArguments {
  @Option(help: "The intake service's addresses, with commas between (ANJU_INTAKE).")
  var intake = environment("ANJU_INTAKE") ?? "127.0.0.1:50051"

  @Option(help: "The approval service's addresses, with commas between (ANJU_APPROVAL).")
  var approval = environment("ANJU_APPROVAL") ?? "127.0.0.1:50052"

  @Option(help: "The notification service's addresses, with commas between (ANJU_NOTIFICATION).")
  var notification = environment("ANJU_NOTIFICATION") ?? "127.0.0.1:50053"

  @Option(help: "The certificate registry's addresses, with commas between (ANJU_REGISTRY).")
  var registry = environment("ANJU_REGISTRY") ?? "127.0.0.1:50054"

  @OptionGroup var tls: TLSOptions

  @Option(help: "How long one call may take, in seconds.")
  var timeout = 10

  @OptionGroup var credentials: Credentials

  @Flag(help: "Print JSON, one object a line.")
  var json = false

  func validate() throws {
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
  static func list(_ text: String) -> [ServerAddress]? {
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
struct Services {
  let intake: IntakeV1.IntakeServiceClient
  let approval: ApprovalV1.ApprovalServiceClient
  let notification: NotificationV1.NotificationServiceClient
  let registry: RegistryV1.CertificateRegistryServiceClient
  let channels: [(name: String, channel: GRPCClientChannel)]
  let timeoutMs: Int64
  private let credentials: Credentials

  init(_ addresses: Addresses) throws {
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
      return (name, GRPCClientChannel(configuration))
    }
    self.intake = IntakeV1.IntakeServiceClient(self.channels[0].channel)
    self.approval = ApprovalV1.ApprovalServiceClient(self.channels[1].channel)
    self.notification = NotificationV1.NotificationServiceClient(self.channels[2].channel)
    self.registry = RegistryV1.CertificateRegistryServiceClient(self.channels[3].channel)
    self.timeoutMs = Int64(addresses.timeout) * 1000
    self.credentials = addresses.credentials
  }

  /// Options for one call by `caller`, or by whom the token names that was given.
  func options(as caller: Caller) throws -> CallOptions {
    CallOptions(
      timeoutMs: self.timeoutMs,
      metadata: Metadata(bearer: try self.credentials.token(for: caller)))
  }

  /// Options for one call that anybody may make.
  var anybody: CallOptions { CallOptions(timeoutMs: self.timeoutMs) }

  /// Closes every connection.
  func close() async {
    for (_, channel) in self.channels { await channel.close() }
  }
}

extension Addresses {
  /// Runs `body` with the four clients and closes them; tells a service's refusal as one sentence.
  func withServices(_ body: (Services) async throws -> Void) async throws {
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
