public import RPC
internal import Wire

/// What a server serves beside its own methods, to anybody who asks: its health, and its contract.
public struct BuiltInServices: Sendable {
  private let health: HealthRegistry
  private let reflects: Bool

  /// The built-in services of a server with this health; `reflects` if it tells its contract too.
  public init(health: HealthRegistry, reflects: Bool) {
    self.health = health
    self.reflects = reflects
  }

  /// Adds their entries to the server's access table.
  public func allow(in access: inout AccessTable) {
    for method in GrpcHealthV1.HealthMethods.all { access.allow(method, .anyone) }
    guard self.reflects else { return }
    for method in ReflectionService.methods { access.allow(method, .anyone) }
  }

  /// Registers them; the server's own methods must have been registered before.
  public func register(on router: inout RPCRouter) {
    let own = router.paths.compactMap { $0.split(separator: "/").first.map(String.init) }
    HealthService(health: self.health, services: Set(own)).register(on: &router)
    guard self.reflects else { return }
    let builtIn = GrpcHealthV1.HealthMethods.all + ReflectionService.methods
    let services = Set(own).union(builtIn.map(\.service))
    ReflectionService(index: ReflectionIndex(services: services)).registerAll(on: &router)
  }
}
