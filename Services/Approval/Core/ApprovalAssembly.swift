public import DomainModel
public import RPC
public import ServiceCore
public import Storage
import Wire

/// The approval service, put together from what it is given; used by its server and by tests that
/// run all services in one process.
public struct ApprovalAssembly: Sendable {
  /// The ways to the services it calls.
  public struct Peers: Sendable {
    /// Told how a case goes on.
    public var intake: any RPCChannel
    /// Issues what was approved.
    public var registry: any RPCChannel
    /// Keep the records of frauds (`anju.credit.v1`), such as 信用浙江.
    public var platforms: [Platform]

    /// All of them.
    public init(
      intake: any RPCChannel, registry: any RPCChannel, platforms: [Platform] = []
    ) {
      self.intake = intake
      self.registry = registry
      self.platforms = platforms
    }
  }

  /// The schema's steps, oldest first.
  public static let migrations: [Migration] = ApprovalMigrations.all
  /// Where its sealed values stand.
  public static let sealedTables: [SealedTable] = ApprovalStore.sealedTables
  /// Who may call which method.
  public static let access: AccessTable = ApprovalAccess.table

  private let handlers: ApprovalHandlers
  private let deliveries: PeerOutbox
  private let upkeep: Upkeep
  private let feed: FeedSequencer
  private let timers: CaseTimers
  private let recount: CalendarRecount
  private let moves: OfficeMoves
  private let credits: CreditTimers

  /// The service over its parts and peers, deciding by `rules`. `policies` are those that cases
  /// were and are opened under; an open case needs its own. Throws `PolicyFileError` where one of
  /// them has a kind whose cases could not be led to their end.
  public init(
    _ parts: CoreParts, peers: Peers, rules: RegionRules, policies: PolicyEditions,
    settings: ApprovalSettings = ApprovalSettings()
  ) throws(PolicyFileError) {
    let store = ApprovalStore(parts.store, sealer: parts.sealer) { record in
      try ApprovalV1.Case(recordOf: record).wireBytes()
    }
    let offices = CaseOffices(rules.offices)
    let handlers = ApprovalHandlers(
      store: store, inspections: InspectionTable(store.tables, sealer: parts.sealer),
      once: AnswerOnce(parts, store.tables),
      policies: try CasePolicies(
        editions: policies, calendar: rules.calendar, offices: offices),
      announcer: CaseAnnouncer(offices: offices), offices: offices, settings: settings,
      platforms: peers.platforms.map(\.name), parts: parts)
    self.handlers = handlers
    self.deliveries = PeerOutbox(
      store.tables.outbox, of: parts, to: [.intake: peers.intake, .registry: peers.registry],
      platforms: peers.platforms
    ) { effects in
      IssueAnswers(handlers: handlers).register(on: &effects)
      CreditRecords(handlers: handlers).register(on: &effects)
    }
    self.upkeep = Upkeep(store.tables, of: parts)
    self.feed = FeedSequencer(after: ApprovalStore.workTopic, of: parts) { limit in
      try await store.sequenceWork(limit: limit)
    }
    self.timers = CaseTimers(handlers: handlers)
    self.recount = CalendarRecount(handlers: handlers)
    self.moves = OfficeMoves(handlers: handlers)
    self.credits = CreditTimers(handlers: handlers)
  }

  /// Registers the service's methods.
  public func register(on router: inout RPCRouter) {
    self.handlers.register(on: &router)
  }

  /// What is told anew where intake or the registry has lost it.
  public var retelling: LostMessage.Retelling { CaseRetelling(self.handlers).messages }

  /// The background work.
  public var jobs: [CoreJob] {
    [
      CoreJob("outbox", run: self.deliveries.run), CoreJob("upkeep", run: self.upkeep.run),
      CoreJob("claims", run: ClaimExpiry(handlers: self.handlers).run),
      CoreJob("desks", run: DeskMoves(handlers: self.handlers).run),
      CoreJob("work feed", run: self.feed.run), CoreJob("timers", run: self.timers.run),
      CoreJob("calendar", run: self.recount.run), CoreJob("offices", run: self.moves.run),
      CoreJob("credit entries", run: self.credits.run),
    ]
  }

  /// Writes down which claims are over, and moves work from where nobody is; returns how much of
  /// both there was. For tests that take one step at a time.
  @discardableResult
  public func tidyDesksOnce() async throws -> Int {
    try await ClaimExpiry(handlers: self.handlers).runOnce()
      + DeskMoves(handlers: self.handlers).runOnce()
  }

  /// Gives the changes of work that were committed their places in the feed, and returns how many;
  /// for tests that take one step at a time.
  @discardableResult
  public func sequenceOnce() async throws -> Int {
    try await self.feed.sequenceAll()
  }

  /// Delivers what is owed now, in a fixed order, and returns how many messages were delivered; for
  /// tests that take one step at a time.
  public func deliverOnce() async throws -> Int {
    try await self.deliveries.deliverOnce()
  }

  /// Does to every case what time has done to it by now, and returns how many things that were; for
  /// tests that take one step at a time.
  func fireTimers() async throws -> Int { try await self.timers.runOnce() }

  /// Erases the records of frauds whose years are over; returns how many.
  func eraseCredits() async throws -> Int { try await self.credits.runOnce() }

  /// Records what was not recorded, and owes it to platforms that were not told; returns how many
  /// records were owed.
  func catchUpCredits() async throws -> Int { try await self.credits.catchUp() }

  /// Gives open cases to the offices that have taken their offices' places; returns how many moved.
  func moveCases() async throws -> Int { try await self.moves.runOnce() }

  /// Counts anew what was counted without the calendar that there is now; returns how many due
  /// dates of how many cases moved.
  func recountDueDates() async throws -> CalendarRecount.Result {
    try await self.recount.runOnce()
  }
}
