internal import DomainModel
internal import RPC
internal import Wire

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
