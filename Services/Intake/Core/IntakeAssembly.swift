public import DomainModel
public import Logging
public import RPC
public import Storage
import Wire

/// The intake service, put together from what it is given; used by its server and by tests that run
/// all services in one process.
public struct IntakeAssembly: Sendable {
  /// What the service needs from outside.
  public struct Dependencies: Sendable {
    /// Its database, migrated.
    public var store: any Store
    /// Seals personal columns and materials.
    public var sealer: any Sealer
    /// Finds persons by their sealed numbers.
    public var index: any BlindIndex
    /// Where time comes from.
    public var time: any TimeSource
    /// Where randomness comes from.
    public var random: any RandomSource
    /// Where background work logs.
    public var logger: Logger

    /// All of it.
    public init(
      store: any Store, sealer: any Sealer, index: any BlindIndex, time: any TimeSource,
      random: any RandomSource, logger: Logger
    ) {
      self.store = store
      self.sealer = sealer
      self.index = index
      self.time = time
      self.random = random
      self.logger = logger
    }
  }

  /// The ways to the services it calls.
  public struct Peers: Sendable {
    /// Asked for a person's registrations.
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

  /// The region's data.
  public struct Rules: Sendable {
    /// The divisions and residence units.
    public var divisions: DivisionTable
    /// The offices, by which applications are routed.
    public var offices: OfficeTable
    /// The working days.
    public var calendar: WorkingDayCalendar
    /// The policy in force.
    public var policy: PolicySettings

    /// All of it.
    public init(
      divisions: DivisionTable, offices: OfficeTable, calendar: WorkingDayCalendar,
      policy: PolicySettings
    ) {
      self.divisions = divisions
      self.offices = offices
      self.calendar = calendar
      self.policy = policy
    }
  }

  /// The service's name, as callers and peers know it.
  public static let name = "intake"
  /// The schema's steps, oldest first.
  public static let migrations: [Migration] = IntakeMigrations.all
  /// Who may call which method.
  public static let access: AccessTable = IntakeAccess.table

  private let handlers: IntakeHandlers
  private let progress: CaseProgressHandlers
  private let deliveries: IntakeDeliveries
  private let upkeep: IntakeUpkeep

  /// The service over its dependencies, deciding by `rules`.
  public init(_ dependencies: Dependencies, peers: Peers, rules: Rules) {
    let store = IntakeStore(
      store: dependencies.store, sealer: dependencies.sealer, index: dependencies.index,
      readForm: { FormInput(try ModelV1.ApplicationForm(wireBytes: $0)) })
    let effects = IntakeEffects(time: dependencies.time, random: dependencies.random)
    self.handlers = IntakeHandlers(
      store: store, registry: RegistryV1.CertificateRegistryServiceClient(peers.registry),
      region: rules, effects: effects, uploads: UploadSlots())
    self.progress = CaseProgressHandlers(store: store, effects: effects, policy: rules.policy)
    self.deliveries = IntakeDeliveries(
      dependencies: dependencies, peers: peers, outbox: store.outbox)
    self.upkeep = IntakeUpkeep(store: store, time: dependencies.time, logger: dependencies.logger)
  }

  /// Registers the service's methods.
  public func register(on router: inout RPCRouter) {
    self.handlers.register(on: &router)
    self.progress.register(on: &router)
  }

  /// Runs the background work (the outbox's dispatcher, the inbox's upkeep) until the task is
  /// cancelled.
  public func run() async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await self.deliveries.dispatcher().run() }
      group.addTask { try await self.upkeep.run() }
      defer { group.cancelAll() }
      try await group.next()
    }
  }

  /// Delivers what is owed now, in a fixed order, and returns how many messages were delivered; for
  /// tests and simulation.
  public func deliverOnce() async throws -> Int {
    try await self.deliveries.dispatcher().deliverOnce()
  }
}
