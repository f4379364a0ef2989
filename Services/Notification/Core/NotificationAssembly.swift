public import DomainModel
public import Logging
public import NotificationGateways
public import RPC
public import Storage
import Wire

/// The message queue, put together from what it is given; used by its server and by tests that run
/// all services in one process.
public struct NotificationAssembly: Sendable {
  /// What the queue needs from outside.
  public struct Dependencies: Sendable {
    /// Its database, migrated.
    public var store: any Store
    /// Seals numbers and texts.
    public var sealer: any Sealer
    /// The texts with their placeholders.
    public var templates: MessageTemplates
    /// The way out.
    public var gateway: any MessageGateway
    /// Where time comes from.
    public var time: any TimeSource
    /// Where randomness comes from.
    public var random: any RandomSource
    /// Where deliveries are logged.
    public var logger: Logger

    /// All of it.
    public init(
      store: any Store, sealer: any Sealer, templates: MessageTemplates,
      gateway: any MessageGateway, time: any TimeSource, random: any RandomSource, logger: Logger
    ) {
      self.store = store
      self.sealer = sealer
      self.templates = templates
      self.gateway = gateway
      self.time = time
      self.random = random
      self.logger = logger
    }
  }

  /// The schema's steps, oldest first.
  public static let migrations: [Migration] = NotificationMigrations.all
  /// Who may call which method.
  public static let access: AccessTable = NotificationAccess.table

  private let handlers: NotificationHandlers
  private let loop: DeliveryLoop

  /// The queue over `dependencies`.
  public init(
    _ dependencies: Dependencies, delivery: DeliverySettings = DeliverySettings()
  ) {
    let store = NotificationStore(dependencies.store, sealer: dependencies.sealer)
    self.handlers = NotificationHandlers(
      store: store, templates: dependencies.templates, time: dependencies.time,
      random: dependencies.random)
    let owner = ID<DeliveryLoop>(now: dependencies.time.now(), random: dependencies.random)
    self.loop = DeliveryLoop(
      store: store, gateway: dependencies.gateway, settings: delivery, owner: owner.text,
      time: dependencies.time, random: dependencies.random, logger: dependencies.logger)
  }

  /// Registers the service's methods.
  public func register(on router: inout RPCRouter) {
    self.handlers.register(on: &router)
  }

  /// Delivers what is due until the task is cancelled.
  public func run() async throws {
    try await self.loop.run()
  }

  /// Tries each message that is due once, one after another; returns how many. For tests and
  /// simulation, where `run` would not be deterministic.
  public func deliverOnce() async throws -> Int {
    try await self.loop.deliverOnce()
  }
}
