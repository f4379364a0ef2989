public import Crypto
public import DomainModel
public import Logging
public import RPC
public import ServiceCore
internal import ServiceLifecycle
public import Storage
internal import Transport
internal import Wire

/// What a main wires its service with: the parts every process has, and the places where its own
/// parts are plugged in.
///
/// What is plugged in stops in the opposite order: first the calls, then the background jobs, then
/// channels and store.
public struct ServiceWiring: ~Copyable {
  /// Which service this process is.
  public let service: ServiceName
  /// The settings that every service has.
  public let settings: CommonSettings
  /// The service's own logger.
  public let logger: Logger
  /// The wall clock; a sandbox's can be moved.
  public let clock: any TimeSource
  /// The system's secure random source.
  public let random: any RandomSource = SecureRandom()
  /// The folder of policies, calendars and offices.
  public let policy: PolicyFiles
  /// The process's health.
  public let health: HealthRegistry

  private let peers: [ServiceName: PeerServers]
  private let identity: ServiceIdentity
  private var isStoreOpen = false
  private var keys: ServiceKeys?
  /// What the core got, for the operator's calls.
  private var operated: CoreParts?
  var closing: [Closing] = []
  var stopping: [@Sendable () -> Void] = []
  var jobs: [BackgroundJob] = []
  var server: GRPCServer?

  init(
    service: ServiceName, settings: CommonSettings, peers: [ServiceName: PeerServers],
    logger: Logger, health: HealthRegistry
  ) throws {
    self.service = service
    self.settings = settings
    self.peers = peers
    self.logger = logger
    self.health = health
    self.clock = settings.sandboxClock.map { MovableClock(file: $0) } ?? SystemClock()
    self.policy = PolicyFiles(directory: settings.policyDirectory)
    self.identity = try ServiceIdentity(service, settings, time: self.clock, logger: logger)
  }

  /// Closes what is open already, because the process will not serve: the threads of a store must
  /// not run into the process's end, which takes their libraries down.
  func close() async {
    for closing in self.closing.reversed() { await closing.close() }
  }

  /// Reads what TLS to the other services needs once, so that a wrong file is told at the start and
  /// not by the first call.
  func checkTLS() throws {
    guard !self.peers.isEmpty else { return }
    try self.settings.tls.client?.check()
  }

  /// Opens the service's keys. Those of a store that has data must be there; for a store that is
  /// still to be made, what is missing is made. So keys are opened first.
  ///
  /// `signs`: whether the service signs certificates; `passphrase`: what its key is encrypted
  /// under.
  public mutating func openKeys(
    signs: Bool = false, passphrase: String? = nil
  ) throws -> LiveKeys {
    precondition(!self.isStoreOpen, "open the keys before the store")
    let place = KeyRing.Place(
      directory: self.settings.keyDirectory, service: self.service.rawValue, signs: signs,
      passphrase: passphrase)
    let database = self.database
    do {
      let keys = try ServiceKeys(
        place, storeHasData: try database.hasData(), random: self.random)
      self.keys = keys
      return keys.live
    } catch CryptoError.keyFileMissing(let path) {
      throw ConfigurationError(problems: [
        "\(path) is not there, and \(database.name) has values that only its keys open: put the "
          + "key file back that belongs to this database"
      ])
    }
  }

  /// Throws where the keys do not find every person that the store has. Asked again of keys that
  /// are read later, before they count.
  public func checkPersons(
    _ check: @escaping @Sendable (any BlindIndex) async throws -> Void
  ) async throws {
    try await self.keys?.checkPersons(check)
  }

  /// Opens the service's database, on the engine that the settings name, and brings its schema up
  /// to date. It is closed when everything that uses it has stopped. When the process begins to
  /// stop, whoever watches the store's changes hears their end.
  ///
  /// Throws where the keys, which are open already, are not those under which the store's values
  /// are sealed; `sealed` says where these stand.
  public mutating func openStore(
    _ migrations: [Migration], sealed: [SealedTable]
  ) async throws -> any Store {
    self.isStoreOpen = true
    let store = try self.database.open()
    self.closing.append(Closing { await store.close() })
    self.stopping.append { store.signals.finish() }
    let applied = try await Migrator(migrations).migrate(store, now: self.clock.now())
    if !applied.isEmpty {
      self.logger.info(
        "schema brought up to date", metadata: ["steps": "\(applied.joined(separator: ", "))"])
    }
    if let keys = self.keys { try await self.keepKeys(keys, of: store, sealed) }
    self.health.addCheck("store") {
      if let fault = store.fault { throw fault }
    }
    return store
  }

  private mutating func keepKeys(
    _ keys: ServiceKeys, of store: any Store, _ sealed: [SealedTable]
  ) async throws {
    try await keys.check(store, sealed)
    let resealing = Resealing(
      store, sealed, sealer: keys.live.sealer, time: self.clock, logger: self.logger)
    self.addJob("data keys", keys.watch(logger: self.logger, time: self.clock).run)
    self.addJob("seals", resealing.run)
  }

  /// What the service's core gets from outside: the process's own clock, randomness and logger, and
  /// the main's store and sealer.
  public mutating func parts(over store: any Store, sealer: any Sealer) -> CoreParts {
    let parts = CoreParts(
      store: store, sealer: sealer, time: self.clock, random: self.random, logger: self.logger)
    self.operated = parts
    return parts
  }

  /// The operator's calls on the store that the core has.
  private func operations(_ retelling: LostMessage.Retelling?) -> OperationsService? {
    self.operated.map { parts in
      OperationsService(
        service: self.service, parts: parts,
        outbox: self.peers.isEmpty ? nil : Outbox(sealer: parts.sealer), retelling: retelling,
        backupDirectory: self.settings.backupDirectory)
    }
  }

  /// A pool with threads of its own, for work that takes much memory or time each: at most
  /// `threads` of it run at once, and `workMax` wait or run. They end after the process's calls.
  public mutating func makePool(threads: Int, workMax: Int) -> BlockingPool {
    let pool = BlockingPool(threads: threads, workMax: workMax)
    self.closing.append(Closing { await pool.close() })
    return pool
  }

  /// A channel to another of the services, on which every call says that this service makes it. It
  /// connects when it is first used, to every server of the peer, and sends calls only to those
  /// that say they serve. The peer is one of those that `run` was told of.
  public mutating func connect(to peer: ServiceName) -> any RPCChannel {
    guard let servers = self.peers[peer] else {
      preconditionFailure("\(peer.rawValue) is no declared peer of \(self.service.rawValue)")
    }
    var configuration = PeerChannel.configuration(to: peer, at: servers, random: self.random)
    configuration.limits.messageBytesMax = self.settings.messageBytesMax
    configuration.tls = self.settings.tls.client
    configuration.logger = self.logger
    let channel = GRPCClientChannel(configuration)
    self.closing.append(Closing { await channel.close() })
    // A token counts before a certificate, so a service that has one to show shows it alone.
    let tokens = self.settings.tls.isMutual ? nil : self.identity.tokens
    let calling = tokens.map { channel.authorized(by: $0) } ?? channel
    self.health.addCheck(peer.rawValue) { try await PeerCheck.ask(calling) }
    return calling
  }

  /// A channel to somebody else's servers, such as a platform that is told of changes. It proves
  /// who calls by the service's certificate alone: a token would let them call our services.
  public mutating func connect(toOthers servers: PeerServers) -> any RPCChannel {
    var configuration = ClientConfiguration(
      servers: servers.addresses.map { ServerAddress(host: $0.host, port: $0.port) },
      random: self.random)
    configuration.limits.keepAliveMs = PeerChannel.keepAliveMs
    configuration.limits.messageBytesMax = self.settings.messageBytesMax
    configuration.tls = self.settings.tls.client
    configuration.logger = self.logger
    let channel = GRPCClientChannel(configuration)
    self.closing.append(Closing { await channel.close() })
    return channel
  }

  /// The same for a platform that a setting names.
  public mutating func connect(to platform: PlatformServers) -> Platform {
    Platform(name: platform.name, channel: self.connect(toOthers: platform.servers))
  }

  /// As many connections as the settings say and the system allows.
  private func connectionsMax() -> Int {
    let wished = self.settings.connectionsMax
    let files = FileLimit.raise()
    let allowed = FileLimit.connections(wished, under: files)
    if allowed < wished {
      self.logger.warning(
        "fewer connections than limits.connections: raise the limit of open files (ulimit -n)",
        metadata: ["connections": "\(allowed)", "files": "\(files)"])
    }
    return allowed
  }

  private var database: ServiceDatabase {
    ServiceDatabase(
      of: self.service, self.settings, time: self.clock, random: self.random, logger: self.logger)
  }

  /// Adds work that goes on as long as the process. If it throws or returns, it begins again after
  /// a pause.
  public mutating func addJob(_ name: String, _ work: @escaping @Sendable () async throws -> Void) {
    let job = BackgroundJob(name: name, logger: self.logger, clock: self.clock, work: work)
    self.health.addCheck(name) { try job.check() }
    self.jobs.append(job)
  }

  /// Adds a core's background work, each a job of its own.
  public mutating func addJobs(_ jobs: [CoreJob]) {
    for job in jobs { self.addJob(job.name, job.run) }
  }

  /// Serves the methods that `register` puts on the router, each under its rule of the table, and
  /// health beside them. The process serves one server, so this is called once.
  ///
  /// `retelling`: what the service tells anew where another has lost it, by `ResendLost`.
  public mutating func serve(
    _ access: AccessTable, retelling: LostMessage.Retelling? = nil,
    _ register: (inout RPCRouter) -> Void
  ) {
    precondition(self.server == nil, "a process serves one server")
    var table = access
    let builtIn = BuiltInServices(
      health: self.health, reflects: self.settings.reflection == .on)
    builtIn.allow(in: &table)
    let operations = self.operations(retelling)
    if let operations { self.health.addCheck("parked messages", operations.checkParked) }
    if operations != nil {
      for method in OperationsV1.OperationsServiceMethods.all {
        table.allow(method, OperationsService.access)
      }
    }
    var router = RPCRouter(identity: self.identity.authority, access: table, logger: self.logger)
    router.tracing = Tracing(
      random: self.random, beginsTraces: self.settings.beginsTraces == .on)
    router.limits = InFlightLimits(
      callsMax: self.settings.methodCallsMax, methods: self.settings.methodCalls.calls)
    register(&router)
    operations?.register(on: &router)
    if let watch = self.identity.keyWatch { self.addJob("token keys", watch.run) }
    builtIn.register(on: &router)
    var limits = TransportLimits()
    limits.messageBytesMax = self.settings.messageBytesMax
    limits.inFlightMax = self.settings.callsMax
    self.settings.connection.apply(to: &limits)
    limits.deadlineLeftMsMin = Int64(self.settings.deadlineLeftMsMin)
    limits.connectionsMax = self.connectionsMax()
    limits.connectionsPerAddressMax = self.settings.connectionsPerAddressMax
    var configuration = ServerConfiguration(
      host: self.settings.listen.host, port: self.settings.listen.port, clock: self.clock,
      limits: limits)
    configuration.tls = self.settings.tls.server
    let server = GRPCServer(configuration: configuration, router: router, logger: self.logger)
    if configuration.tls != nil {
      self.health.addCheck("certificate") { try CertificateCheck.ask(server) }
    }
    self.server = server
  }
}
