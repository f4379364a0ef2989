internal import DomainModel
internal import RPC
internal import Transport
internal import Wire

/// How one of our services calls another.
enum PeerChannel {
  /// The longest that one call between services may take, in milliseconds.
  static let callMsMax: Int64 = 30_000
  /// After how long without a byte a peer with open calls is asked for a sign of life, in
  /// milliseconds: our own servers allow that (`TransportLimits.pingIntervalMinMs`).
  static let keepAliveMs: Int64 = 30_000

  /// Round robin over the servers that say they serve; calls that did not reach one are made again.
  static func configuration(
    to peer: ServiceName, at servers: PeerServers, random: any RandomSource
  ) -> ClientConfiguration {
    var configuration = ClientConfiguration(
      servers: servers.addresses.map { ServerAddress(host: $0.host, port: $0.port) },
      random: random)
    configuration.limits.keepAliveMs = self.keepAliveMs
    configuration.health = self.health
    configuration.policies.set(
      MethodPolicy(timeoutMs: self.callMsMax, retry: RetryPolicy()), for: self.idempotent(peer))
    return configuration
  }

  /// The methods that may run twice without harm. All unary ones: those that change something take
  /// an idempotency key, and answer a repeat with the first answer.
  static func idempotent(_ peer: ServiceName) -> [Method] {
    let methods =
      switch peer {
      case .intake: IntakeV1.IntakeServiceMethods.all + IntakeV1.CaseProgressServiceMethods.all
      case .approval: ApprovalV1.ApprovalServiceMethods.all
      case .registry: RegistryV1.CertificateRegistryServiceMethods.all
      case .notification: NotificationV1.NotificationServiceMethods.all
      }
    return methods.filter { $0.kind == .unary }
  }

  /// The whole server's health.
  private static var health: HealthWatch {
    // A request that names no service has no fields, so it has no bytes.
    HealthWatch(method: GrpcHealthV1.HealthMethods.watch, request: []) { bytes in
      let answer = try? GrpcHealthV1.HealthCheckResponse(wireBytes: bytes)
      return answer?.status == .serving
    }
  }
}
