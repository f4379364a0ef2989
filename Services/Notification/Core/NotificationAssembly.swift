public import DomainModel
public import NotificationGateways
public import RPC
public import ServiceCore
public import Storage
import Wire

/// The message queue, put together from what it is given; used by its server and by tests that run
/// all services in one process.
public struct NotificationAssembly: Sendable {
  /// The schema's steps, oldest first.
  public static let migrations: [Migration] = NotificationMigrations.all
  /// Where its sealed values stand.
  public static let sealedTables: [SealedTable] = NotificationStore.sealedTables
  /// Who may call which method.
  public static let access: AccessTable = NotificationAccess.table

  private let handlers: NotificationHandlers
  private let loop: DeliveryLoop
  private let upkeep: Upkeep

  /// The queue over its parts: it writes its texts by `templates` and hands them to `gateway`.
  public init(
    _ parts: CoreParts, templates: MessageTemplates, gateway: any MessageGateway,
    delivery: DeliverySettings = DeliverySettings()
  ) {
    let store = NotificationStore(parts.store, sealer: parts.sealer)
    self.handlers = NotificationHandlers(
      store: store, once: AnswerOnce(parts, store.tables), templates: templates)
    self.loop = DeliveryLoop(
      store: store, gateway: gateway, settings: delivery,
      owner: parts.makeID(of: DeliveryLoop.self).text, time: parts.time, random: parts.random,
      logger: parts.logger)
    self.upkeep = Upkeep(store.tables, of: parts)
  }

  /// Registers the service's methods.
  public func register(on router: inout RPCRouter) {
    self.handlers.register(on: &router)
  }

  /// The background work.
  public var jobs: [CoreJob] {
    [CoreJob("delivery", run: self.loop.run), CoreJob("upkeep", run: self.upkeep.run)]
  }

  /// Tries each message that is due once, one after another; returns how many. For tests
  /// that take one step at a time.
  public func deliverOnce() async throws -> Int {
    try await self.loop.deliverOnce()
  }
}
