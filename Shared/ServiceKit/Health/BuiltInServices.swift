public import RPC
internal import Wire

/// What a server serves beside its own methods, to anybody who asks: its health.
public struct BuiltInServices: Sendable {
  private let health: HealthRegistry

  /// The built-in services of a server with this health.
  public init(health: HealthRegistry) {
    self.health = health
  }

  /// Adds their entries to the server's access table.
  public func allow(in access: inout AccessTable) {
    for method in GrpcHealthV1.HealthMethods.all { access.allow(method, .anyone) }
  }

  /// Registers them; the server's own methods must have been registered before.
  public func register(on router: inout RPCRouter) {
    let services = router.paths.compactMap { $0.split(separator: "/").first.map(String.init) }
    HealthService(health: self.health, services: Set(services)).register(on: &router)
  }
}
