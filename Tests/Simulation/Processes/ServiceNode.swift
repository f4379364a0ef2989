import DomainModel
import Logging
import RPC
import ServiceCore
import Storage
import StorageSQLite
import Synchronization
import TestSupport

/// One of the four services: a store's file, and the process that works on it until it dies. Then
/// another one starts over a copy of what was on the disk.
final class ServiceNode: Sendable {
  /// How long a process is away after a crash, in milliseconds.
  static let awayMs = 50...3_000
  /// How long a background job rests that has thrown, in milliseconds.
  static let jobPauseMs: Int64 = 1_000

  /// A process that answers calls.
  struct Serving: Sendable {
    let life: Life
    let transport: InProcessTransport
    let store: any Store
  }

  private struct State {
    var number = 0
    var file: StoreFile
    var disk: ForgetfulDisk
    var life: Life?
    var serving: Serving?
    var jobs: [Task<Void, Never>] = []
  }

  let name: ServiceName
  let world: SimulatedWorld
  private let check: CommitCheck
  private let state: Mutex<State>

  private var sabotage: SimulatedRun.Sabotage? { self.world.sabotage }

  init(_ name: ServiceName, in world: SimulatedWorld) {
    self.name = name
    self.world = world
    self.check = CommitCheck(name)
    let file = StoreFile(in: world.folder, of: name, number: 1)
    self.state = Mutex(State(file: file, disk: ForgetfulDisk(at: file.path)))
  }

  /// The process that answers calls now; nil while there is none.
  var serving: Serving? { self.state.withLock { $0.serving } }

  /// Starts a process. It may crash before it serves; then another one starts after a while.
  func start() async {
    let (life, file) = self.state.withLock { state in
      state.number += 1
      let life = Life(self.name, number: state.number)
      state.life = life
      return (life, state.file)
    }
    do {
      try await self.open(file, life)
      self.world.trace.add("\(life.name) serves")
    } catch {
      if !life.isOver { self.world.violated("\(life.name) cannot start: \(error)") }
    }
  }

  /// A transaction begins: whether the process dies in it.
  func beginCommit() -> CrashPoint {
    let point = CrashPoint.drawn(self.world.crashes, self.world.plan)
    if self.sabotage == .storesForget {
      self.state.withLock { try? $0.disk.keep($0.file) }
    }
    return point
  }

  /// A transaction is committed: what is in the store now.
  func lookAfterCommit(_ store: SQLiteStore) async {
    do {
      for finding in try await self.check.findings(in: store) {
        self.world.violated("\(self.name): \(finding)")
      }
    } catch {
      self.world.violated("\(self.name) cannot be looked at: \(error)")
    }
  }

  /// The process dies now, wherever it stands.
  func die() {
    let life = self.state.withLock { $0.life }
    if let life { self.crash(life, "between two steps") }
  }

  /// The process dies now, if it lives.
  func crash(_ life: Life, _ when: String) {
    guard !life.isOver else { return }
    life.end()
    self.world.trace.add("\(life.name) dies \(when)")
    let (file, number, jobs) = self.state.withLock { state in
      defer {
        state.life = nil
        state.serving = nil
        state.jobs = []
      }
      let forgets = self.sabotage == .storesForget
      let file = forgets ? state.disk.beforeLastChange(of: state.file) : state.file
      return (file, state.number, state.jobs)
    }
    for job in jobs { job.cancel() }
    let next = StoreFile(in: self.world.folder, of: self.name, number: number + 1)
    do {
      try file.copy(to: next)
    } catch {
      self.world.violated("\(life.name): its file cannot be copied: \(error)")
    }
    self.state.withLock {
      $0.file = next
      $0.disk = ForgetfulDisk(at: next.path)
    }
    self.world.later(afterMs: self.world.crashes.wait(Self.awayMs)) { await self.start() }
  }

  private func open(_ file: StoreFile, _ life: Life) async throws {
    let logger = Logger(label: life.name) { _ in SwiftLogNoOpLogHandler() }
    var options = SQLiteOptions()
    options.isInline = true
    let inner = try SQLiteStore(
      .file(file.path), options: options, time: self.world.clock, logger: logger)
    let store = CrashableStore(inner, of: self, life)
    let seed = self.world.seed
    // One ring of keys a service, whichever process uses it.
    let seals = TestSeals(
      random: Chance(seed: seed, of: "\(self.name) keys").source,
      nonces: Chance(seed: seed, of: "\(life.name) nonces").source)
    let parts = CoreParts(
      store: store, sealer: seals.sealer, time: self.world.clock,
      random: Chance(seed: seed, of: "\(life.name) ids").source, logger: logger)
    try await Migrator(self.name.migrations).migrate(store, now: self.world.clock.now())
    store.watch()
    for statement in self.sabotage?.statements(for: self.name) ?? [] {
      try await store.write { try $0.execute(statement) }
    }
    let service = try self.name.assemble(parts, seals.blindIndex, in: self.world, life)
    var router = RPCRouter(identity: TestIdentity(), access: service.access, logger: logger)
    service.register(&router)
    let transport = try InProcessTransport(router, clock: self.world.clock)
    try life.check()
    self.state.withLock {
      $0.serving = Serving(life: life, transport: transport, store: store)
      $0.jobs = service.jobs.map { self.run($0, life) }
    }
  }

  /// A background job, which begins again after a pause when it throws, as in a server.
  private func run(_ job: CoreJob, _ life: Life) -> Task<Void, Never> {
    self.world.spawn {
      while !Task.isCancelled && !life.isOver {
        try? await job.run()
        if Task.isCancelled || life.isOver { return }
        self.world.trace.add("\(life.name) job \(job.name) ended")
        try? await self.world.sleep(Self.jobPauseMs)
      }
    }
  }
}
