internal import DomainModel
internal import RPC
internal import Wire

/// A channel that says on every call which of our services is calling.
struct ServiceChannel: RPCChannel {
  private let channel: any RPCChannel
  private let identity: Metadata

  init(_ channel: any RPCChannel, as service: ServiceName) {
    self.channel = channel
    self.identity = Metadata(caller: Caller(kind: .service, id: service.rawValue))
  }

  func unary(
    _ method: Method, _ request: [UInt8], _ options: CallOptions
  ) async throws -> [UInt8] {
    try await self.channel.unary(method, request, self.signed(options))
  }

  func streaming<Result>(
    _ method: Method, _ options: CallOptions,
    _ body: (any MessageSink, any MessageSource) async throws -> Result
  ) async throws -> Result {
    try await self.channel.streaming(method, self.signed(options), body)
  }

  private func signed(_ options: CallOptions) -> CallOptions {
    var options = options
    for (name, value) in self.identity.entries {
      switch value {
      case .text(let text): options.metadata.append(name, text)
      case .bytes(let bytes): options.metadata.append(name, bytes: bytes)
      }
    }
    return options
  }
}

/// Asks a peer whether it serves.
enum PeerCheck {
  static func ask(_ channel: any RPCChannel) async throws {
    let options = CallOptions(timeoutMs: HealthRegistry.checkMsMax)
    let answer = try await GrpcHealthV1.HealthClient(channel)
      .check(GrpcHealthV1.HealthCheckRequest(), options: options)
    guard answer.status == .serving else {
      throw ServiceError(code: .unavailable, message: "The peer says \(answer.status).")
    }
  }
}
