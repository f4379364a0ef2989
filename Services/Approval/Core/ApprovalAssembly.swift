public import DomainModel
public import Logging
public import RPC
public import Storage
import Wire

/// The approval service, put together from what it is given; used by its server and by tests that
/// run all services in one process.
public struct ApprovalAssembly: Sendable {
  /// What the service needs from outside.
  public struct Dependencies: Sendable {
    /// Its database, migrated.
    public var store: any Store
    /// Seals personal columns.
    public var sealer: any Sealer
    /// Where time comes from.
    public var time: any TimeSource
    /// Where randomness comes from.
    public var random: any RandomSource
    /// The way to the intake service.
    public var intake: any RPCChannel
    /// The way to the certificate registry.
    public var registry: any RPCChannel
    /// Where background work logs.
    public var logger: Logger

    /// All of it.
    public init(
      store: any Store, sealer: any Sealer, time: any TimeSource, random: any RandomSource,
      intake: any RPCChannel, registry: any RPCChannel, logger: Logger
    ) {
      self.store = store
      self.sealer = sealer
      self.time = time
      self.random = random
      self.intake = intake
      self.registry = registry
      self.logger = logger
    }
  }

  /// The rules as data.
  public struct Rules: Sendable {
    /// The policies, one a version; an open case needs the one it was opened under.
    public var policies: [PolicySettings]
    /// The working days.
    public var calendar: WorkingDayCalendar
    /// The offices; a refusal names its bureau's appeal authorities.
    public var offices: OfficeTable

    /// All of it.
    public init(
      policies: [PolicySettings], calendar: WorkingDayCalendar, offices: OfficeTable
    ) {
      self.policies = policies
      self.calendar = calendar
      self.offices = offices
    }
  }

  /// The schema's steps, oldest first.
  public static let migrations: [Migration] = ApprovalMigrations.all
  /// Who may call which method.
  public static let access: AccessTable = ApprovalAccess.table

  private let handlers: ApprovalHandlers
  private let deliveries: CaseDeliveries

  /// The service over its dependencies, deciding by `rules`.
  public init(_ dependencies: Dependencies, rules: Rules) {
    let machines = rules.policies.map { policy in
      let clockRules = ClockRules(policy: policy, calendar: rules.calendar)
      return (policy.version, CaseMachine(clockRules: clockRules))
    }
    self.handlers = ApprovalHandlers(
      store: ApprovalStore(dependencies.store, sealer: dependencies.sealer),
      policies: CasePolicies(Dictionary(machines, uniquingKeysWith: { _, last in last })),
      announcer: CaseAnnouncer(offices: rules.offices),
      time: dependencies.time, random: dependencies.random)
    self.deliveries = CaseDeliveries(
      handlers: self.handlers, dependencies: dependencies)
  }

  /// Registers the service's methods.
  public func register(on router: inout RPCRouter) {
    self.handlers.register(on: &router)
  }

  /// Runs the background work, the outbox's dispatcher, until the task is cancelled.
  public func run() async throws {
    try await self.deliveries.dispatcher().run()
  }

  /// Delivers what is owed now, in a fixed order, and returns how many messages were delivered; for
  /// tests and simulation.
  public func deliverOnce() async throws -> Int {
    try await self.deliveries.dispatcher().deliverOnce()
  }
}
