public import DomainModel
public import NotificationGateways
public import RPC
public import ServiceCore
public import Storage
import Wire

/// The message queue, put together from what it is given; used by its server and by tests that run
/// all services in one process.
public struct NotificationAssembly: Sendable {
  /// What the queue goes by, as data.
  public struct Data: Sendable {
    /// The texts.
    public var templates: MessageTemplates
    /// What holds for each class of them.
    public var classes: MessageClasses
    /// Whose a number is.
    public var operators: MobileOperators
    /// How many messages may be queued at most.
    public var queuedMax = 20_000_000
    /// How often one number gets the same text in a minute of the clock at most, and in an hour.
    public var sameTextMax = (perMinute: 2, perHour: 5)

    /// The data of a policy folder.
    public init(reading text: (String) throws -> String) throws {
      self.templates = try MessageTemplates(text: text("templates.tsv"))
      self.classes = try MessageClasses(text: text("message_classes.tsv"))
      self.operators = try MobileOperators(text: text("operators.tsv"))
    }
  }

  /// The schema's steps, oldest first.
  public static let migrations: [Migration] = NotificationMigrations.all
  /// Where its sealed values stand.
  public static let sealedTables: [SealedTable] = NotificationStore.sealedTables
  /// Who may call which method.
  public static let access: AccessTable = NotificationAccess.table

  private let handlers: NotificationHandlers
  private let loop: DeliveryLoop
  private let receipts: ReceiptLoop
  private let outbox: PeerOutbox
  private let housekeeping: Housekeeping
  private let upkeep: Upkeep
  private let personKeys: PersonKeys

  /// The queue over its parts: it writes its texts and chooses their time by `data`, hands them to
  /// `gateway`, and tells `intake` how they ended. `index` finds numbers by their sealed form.
  public init(
    _ parts: CoreParts, index: any BlindIndex, intake: any RPCChannel, data: Data,
    gateway: any MessageGateway, delivery: DeliverySettings = DeliverySettings()
  ) {
    let limits = SendingLimits(
      sameTextPerMinuteMax: data.sameTextMax.perMinute, sameTextPerHourMax: data.sameTextMax.perHour
    )
    let rules = QueueRules(
      classes: data.classes, operators: data.operators, limits: limits, queuedMax: data.queuedMax)
    let store = NotificationStore(
      parts.store, sealer: parts.sealer, index: index, rules: rules)
    self.handlers = NotificationHandlers(
      store: store, once: AnswerOnce(parts, store.tables), templates: data.templates,
      time: parts.time)
    let ledger = LedgerKeeper(store, delivery.retries, parts.random)
    self.loop = DeliveryLoop(
      store: store, ledger: ledger, gateway: gateway, settings: delivery,
      owner: parts.makeID(of: DeliveryLoop.self).text, time: parts.time, random: parts.random,
      logger: parts.logger)
    self.receipts = ReceiptLoop(gateway: gateway, keeper: ledger, time: parts.time)
    self.outbox = PeerOutbox(store.tables.outbox, of: parts, to: [.intake: intake])
    self.housekeeping = Housekeeping(store: store, parts: parts)
    self.upkeep = Upkeep(store.tables, of: parts)
    self.personKeys = PersonKeys(store.recipients, of: parts)
  }

  /// Registers the service's methods.
  public func register(on router: inout RPCRouter) {
    self.handlers.register(on: &router)
  }

  /// The background work: sending, receipts, what is owed to intake, and what goes by itself in
  /// time.
  public var jobs: [CoreJob] {
    [
      CoreJob("delivery", run: self.loop.run), CoreJob("receipts", run: self.receipts.run),
      CoreJob("outbox", run: self.outbox.run),
      CoreJob("housekeeping", run: self.housekeeping.run),
      CoreJob("upkeep", run: self.upkeep.run), CoreJob("person keys", run: self.personKeys.run),
    ]
  }

  /// Throws where an index does not find every number that the store has; before anything is
  /// served, and before keys that were read again count.
  public func checkKeys(_ index: any BlindIndex) async throws {
    try await self.personKeys.check(index)
  }

  /// Tries each message that is due, one after another; returns how many tries. For tests
  /// that take one step at a time.
  public func deliverOnce() async throws -> Int {
    try await self.loop.deliverOnce()
  }

  /// Tells intake what it is owed now, in a fixed order; returns how many messages. For tests that
  /// take one step at a time.
  public func reportOnce() async throws -> Int {
    try await self.outbox.deliverOnce()
  }

  /// One round of what goes by itself in time; for tests that take one step at a time.
  public func keepHouseOnce() async throws {
    try await self.housekeeping.runOnce()
  }
}
