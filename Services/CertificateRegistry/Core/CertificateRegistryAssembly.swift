public import DomainModel
public import Logging
public import RPC
public import Storage
import Wire

/// The certificate registry, put together from what it is given; used by its server and by tests
/// that run all services in one process.
public struct CertificateRegistryAssembly: Sendable {
  /// What the registry needs from outside.
  public struct Dependencies: Sendable {
    /// Its database, migrated.
    public var store: any Store
    /// Seals personal columns.
    public var sealer: any Sealer
    /// Finds persons.
    public var blindIndex: any BlindIndex
    /// Signs permits.
    public var signer: any PermitSigner
    /// The data its rules go by.
    public var policy: RegistryPolicy
    /// Where time comes from.
    public var time: any TimeSource
    /// Where randomness comes from.
    public var random: any RandomSource
    /// The way to the notification service.
    public var notification: any RPCChannel
    /// Where background work logs.
    public var logger: Logger

    /// All of it.
    public init(
      store: any Store, sealer: any Sealer, blindIndex: any BlindIndex, signer: any PermitSigner,
      policy: RegistryPolicy, time: any TimeSource, random: any RandomSource,
      notification: any RPCChannel, logger: Logger
    ) {
      self.store = store
      self.sealer = sealer
      self.blindIndex = blindIndex
      self.signer = signer
      self.policy = policy
      self.time = time
      self.random = random
      self.notification = notification
      self.logger = logger
    }
  }

  /// The schema's steps, oldest first.
  public static let migrations: [Migration] = RegistryMigrations.all
  /// Who may call which method.
  public static let access: AccessTable = RegistryAccess.table
  /// How long one delivery to another service may take, in milliseconds; shorter than a lane's
  /// lease.
  static let deliveryTimeoutMs: Int64 = 10_000

  private let dependencies: Dependencies
  private let handlers: RegistryHandlers

  /// The registry over `dependencies`.
  public init(_ dependencies: Dependencies) {
    self.dependencies = dependencies
    self.handlers = RegistryHandlers(
      store: RegistryStore(
        dependencies.store, sealer: dependencies.sealer, index: dependencies.blindIndex),
      policy: dependencies.policy, signer: dependencies.signer, time: dependencies.time,
      random: dependencies.random)
  }

  /// Registers the service's methods.
  public func register(on router: inout RPCRouter) {
    self.handlers.register(on: &router)
  }

  /// Runs the background work, the outbox's dispatcher, until the task is cancelled.
  public func run() async throws {
    let time = self.dependencies.time
    let channel = self.dependencies.notification
    let effects = OutboxEffects { message in
      let options = CallOptions(
        timeoutMs: Self.deliveryTimeoutMs,
        metadata: Metadata(caller: Caller(kind: .service, id: "registry")))
      let method = NotificationV1.NotificationServiceMethods.enqueueMessage
      return try await channel.unary(method, message.payload, options)
    }
    let owner = ID<OutboxDispatcher>(now: time.now(), random: self.dependencies.random)
    try await OutboxDispatcher(
      store: self.dependencies.store, outbox: Outbox(sealer: self.dependencies.sealer),
      effects: effects,
      environment: OutboxDispatcher.Environment(
        owner: owner.text, time: time, random: self.dependencies.random,
        logger: self.dependencies.logger)
    ).run()
  }
}
