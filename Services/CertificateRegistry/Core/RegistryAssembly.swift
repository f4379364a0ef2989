public import DomainModel
public import RPC
public import ServiceCore
public import Storage
import Wire

/// The certificate registry, put together from what it is given; used by its server and by tests
/// that run all services in one process.
public struct RegistryAssembly: Sendable {
  /// The schema's steps, oldest first.
  public static let migrations: [Migration] = RegistryMigrations.all
  /// Where its sealed values stand.
  public static let sealedTables: [SealedTable] = RegistryStore.sealedTables
  /// Who may call which method.
  public static let access: AccessTable = RegistryAccess.table

  private let handlers: RegistryHandlers
  private let deliveries: PeerOutbox
  private let suspensions: SuspensionTimer
  private let upkeep: Upkeep
  private let personKeys: PersonKeys
  private let sequencer: LogSequencer
  private let backfill: LogBackfill
  private let sweeper: ProvisionSweeper
  private let earlierKeys: EarlierPermitKeys
  private let erasures: ErasureSweeper
  private let feeds: [FeedPush]

  /// The registry over its parts; it goes by `policy`.
  public init(
    _ parts: CoreParts, _ effects: RegistryEffects, policy: RegistryPolicy,
    settings: RegistrySettings = RegistrySettings()
  ) {
    let store = RegistryStore(
      parts, index: effects.blindIndex, policy: policy,
      format: (permits: .wire, registrations: .wire),
      signingKeys: SigningKeyTable(successions: effects.signer.successions))
    var waiting = LeafWait.Limits()
    waiting.waitMs = Int64(settings.leafWaitMs)
    let issuing = IssuingWatch(store, effects.signer, parts, settings.issuing)
    let erasure = ErasureMachine(years: settings.erasureYears)
    self.handlers = RegistryHandlers(
      store: store, once: AnswerOnce(parts, store.tables), policy: policy, effects: effects,
      leafWait: LeafWait(store.log, parts, limits: waiting),
      snapshots: RevocationSnapshots(store, signer: effects.signer, parts),
      feed: ChangeFeed(watchers: settings.watchers), authorities: settings.authorities,
      issuing: issuing, parts: parts, erasure: erasure)
    self.deliveries = PeerOutbox(
      store.tables.outbox, of: parts,
      to: [.notification: effects.notification, .intake: effects.intake])
    self.suspensions = SuspensionTimer(store: store, parts: parts)
    self.upkeep = Upkeep(store.tables, of: parts)
    self.personKeys = PersonKeys(store.persons.directory, of: parts)
    self.earlierKeys = EarlierPermitKeys(store: store, parts: parts)
    self.sequencer = LogSequencer(
      store.log, signer: effects.signer, parts: parts, issuing: issuing)
    self.backfill = LogBackfill(store: store, parts: parts)
    self.sweeper = ProvisionSweeper(
      store: store, parts: parts, years: settings.provisionYears)
    self.erasures = ErasureSweeper(
      store: store, parts: parts, machine: erasure, issuing: issuing)
    self.feeds = effects.feeds.map { FeedPush($0, store.log, parts) }
  }

  /// Registers the service's methods.
  public func register(on router: inout RPCRouter) {
    self.handlers.register(on: &router)
  }

  /// What is told anew where the notification service has lost it.
  public var retelling: LostMessage.Retelling {
    { [store = self.handlers.store, time = self.handlers.time] in
      try store.retold($0, $1, now: time.now())
    }
  }

  /// The background work.
  public var jobs: [CoreJob] {
    [
      CoreJob("outbox", run: self.deliveries.run),
      CoreJob("suspensions", run: self.suspensions.run), CoreJob("upkeep", run: self.upkeep.run),
      CoreJob("person keys", run: self.personKeys.run),
      CoreJob("earlier permits", run: self.earlierKeys.run),
      CoreJob("issuing watch", run: self.handlers.issuing.run),
      CoreJob("log sequencer", run: self.sequencer.run),
      CoreJob("log backfill", run: self.backfill.run),
      CoreJob("log answers", run: self.handlers.leafWait.run),
      CoreJob("revocation snapshots", run: self.handlers.snapshots.run),
      CoreJob("provisions", run: self.sweeper.run),
      CoreJob("erasures", run: self.erasures.run),
    ] + self.feeds.map { CoreJob("feed \($0.sink.name)", run: $0.run) }
  }

  /// Throws while changes wait too long for their leaves in the transparency log, for the health
  /// page: permits are issued and verified all the same.
  public func checkLog() async throws {
    try await self.sequencer.check()
  }

  /// Looks whether anything speaks against issuing; before anything is served. Throws what the
  /// store throws where it does not answer.
  public func lookAtIssuing() async throws {
    try await self.handlers.issuing.look()
  }

  /// Throws while nothing is issued, with everything that speaks against it, for the health page:
  /// permits are verified all the same.
  public func checkIssuing() throws {
    try self.handlers.issuing.check()
  }

  /// Gives the log's waiting entries their leaves, and returns how many there were; for tests that
  /// take one step at a time.
  public func sequenceOnce() async throws -> Int {
    try await self.sequencer.sequenceOnce()
  }

  /// Throws where an index does not find every person that the store has; before anything is
  /// served, and before keys that were read again count.
  public func checkKeys(_ index: any BlindIndex) async throws {
    try await self.personKeys.check(index)
  }

  /// Delivers what is owed now, in a fixed order, and returns how many messages were delivered; for
  /// tests that take one step at a time.
  public func deliverOnce() async throws -> Int {
    try await self.deliveries.deliverOnce()
  }

  /// Erases whoever's term is over, and returns how many that were; for tests that take one step at
  /// a time.
  func eraseOnce() async throws -> Int {
    try await self.erasures.runOnce()
  }

  /// Writes down the suspensions that are due, and returns how many there were; for tests that take
  /// one step at a time.
  func noteSuspensions() async throws -> Int {
    try await self.suspensions.runOnce()
  }
}
