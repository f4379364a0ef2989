public import DomainModel
public import Papers
public import RPC
public import ServiceCore
public import Storage
import Wire

/// The intake service, put together from what it is given; used by its server and by tests that run
/// all services in one process.
public struct IntakeAssembly: Sendable {
  /// The ways to the services it calls.
  public struct Peers: Sendable {
    /// Asked for a person's registrations and permit; told what no officer decides.
    public var registry: any RPCChannel
    /// Told of submissions and supplements.
    public var approval: any RPCChannel
    /// Told what the applicant is to hear.
    public var notification: any RPCChannel

    /// All of them.
    public init(
      registry: any RPCChannel, approval: any RPCChannel, notification: any RPCChannel
    ) {
      self.registry = registry
      self.approval = approval
      self.notification = notification
    }
  }

  /// What the region decides, as data.
  public struct Data: Sendable {
    /// Divisions, offices, working days, and the policy in force.
    public var region: RegionRules
    /// Every version of the policy.
    public var policies: PolicyEditions
    /// Where one can go.
    public var servicePoints: ServicePointTable
    /// The integrators, by the `sub` of their tokens, that may declare residences in batches.
    public var registrars: Set<String>

    /// All of it.
    public init(
      region: RegionRules, policies: PolicyEditions, servicePoints: ServicePointTable,
      registrars: Set<String> = []
    ) {
      self.region = region
      self.policies = policies
      self.servicePoints = servicePoints
      self.registrars = registrars
    }
  }

  /// The schema's steps, oldest first.
  public static let migrations: [Migration] = IntakeMigrations.all
  /// Where its sealed values stand.
  public static let sealedTables: [SealedTable] = IntakeStore.sealedTables
  /// Who may call which method.
  public static let access: AccessTable = IntakeAccess.table

  private let handlers: IntakeHandlers
  private let progress: CaseProgressHandlers
  private let outbox: PeerOutbox
  private let expiry: DraftExpiry
  private let uploads: UploadExpiry
  private let feed: FeedSequencer
  private let upkeep: Upkeep
  private let personKeys: PersonKeys

  /// The service over its parts, deciding by `data` and, of the policies, by the one in force; what
  /// was submitted keeps its own. `index` finds persons by their sealed numbers; the peers'
  /// channels say who is calling, and `press` makes the papers.
  public init(
    _ parts: CoreParts, index: any BlindIndex, peers: Peers, data: Data, press: PaperPress
  ) {
    let (rules, policies) = (data.region, data.policies)
    let store = IntakeStore(
      parts.store, sealer: parts.sealer, index: index,
      formats: IntakeStore.Formats(
        readForm: { FormInput(try ModelV1.ApplicationForm(wireBytes: $0)) },
        record: { try IntakeV1.Application(recordOf: $0).wireBytes() }),
      officesBelow: { rules.offices.codes(from: $0) })
    let once = AnswerOnce(parts, store.tables)
    let announcer = ApplicationAnnouncer(
      terms: TermsByPolicy(policies: policies, calendar: rules.calendar), logger: parts.logger)
    self.handlers = IntakeHandlers(
      store: store, once: once, announcer: announcer,
      registry: RegistryV1.CertificateRegistryServiceClient(peers.registry), region: rules,
      policies: policies, servicePoints: data.servicePoints, registrars: data.registrars,
      press: press, parts: parts)
    self.progress = CaseProgressHandlers(
      store: store, once: once, announcer: announcer, offices: rules.offices,
      divisions: rules.divisions, parts: parts)
    self.outbox = PeerOutbox(
      store.tables.outbox, of: parts,
      to: [
        .approval: peers.approval, .notification: peers.notification, .registry: peers.registry,
      ]
    ) { effects in
      let answered = AnsweredChange(store: store, announcer: announcer, random: parts.random)
      RegistryAnswers(answered: answered, logger: parts.logger).register(on: &effects)
      WithdrawalAnswers(answered: answered).register(on: &effects)
    }
    self.expiry = DraftExpiry(store: store, policies: policies, parts: parts)
    self.uploads = UploadExpiry(store: store, parts: parts)
    self.feed = FeedSequencer(after: IntakeStore.notedTopic, of: parts) { limit in
      try await store.sequenceChanges(limit: limit)
    }
    self.upkeep = Upkeep(store.tables, of: parts)
    self.personKeys = PersonKeys(store.persons, of: parts)
  }

  /// Registers the service's methods.
  public func register(on router: inout RPCRouter) {
    self.handlers.register(on: &router)
    self.progress.register(on: &router)
  }

  /// What is told anew where approval or the notification service has lost it.
  public var retelling: LostMessage.Retelling {
    ApplicationRetelling(store: self.progress.store, terms: self.progress.announcer.terms).messages
  }

  /// The background work: what is owed to the peers, and what goes by itself in time.
  public var jobs: [CoreJob] {
    [
      CoreJob("outbox", run: self.outbox.run), CoreJob("drafts", run: self.expiry.run),
      CoreJob("uploads", run: self.uploads.run),
      CoreJob("feed", run: self.feed.run),
      CoreJob("upkeep", run: self.upkeep.run), CoreJob("person keys", run: self.personKeys.run),
    ]
  }

  /// Throws where an index does not find every person that the store has; before anything is
  /// served, and before keys that were read again count.
  public func checkKeys(_ index: any BlindIndex) async throws {
    try await self.personKeys.check(index)
  }

  /// Gives the changes that were committed their places in the feed, and returns how many; for
  /// tests that take one step at a time.
  @discardableResult
  public func sequenceOnce() async throws -> Int {
    try await self.feed.sequenceAll()
  }

  /// Delivers what is owed now, in a fixed order, and returns how many messages were delivered; for
  /// tests that take one step at a time.
  public func deliverOnce() async throws -> Int {
    try await self.outbox.deliverOnce()
  }
}
