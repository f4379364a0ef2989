import DomainModel
import RPC
import Synchronization
import TestSupport

/// What all parts of one run share: its one thread, its clock, its draws, its trace, its processes.
final class SimulatedWorld: Sendable {
  private struct State {
    var plan: FaultPlan
    var nodes: [ServiceName: ServiceNode] = [:]
    var tasks: [Task<Void, Never>] = []
    var violations: [String] = []
    var stories: [SimulatedRun.Story: Int] = [:]
  }

  let seed: UInt64
  let clock: FakeClock
  let scheduler: Scheduler
  let trace: Trace
  /// The network's draws.
  let network: Chance
  /// The draws of crashes.
  let crashes: Chance
  /// Where the processes' files lie.
  let folder: String
  let gateway: SimulatedGateway
  /// What is broken on purpose; nil for nothing.
  let sabotage: SimulatedRun.Sabotage?
  private let state: Mutex<State>

  init(
    seed: UInt64, folder: String, _ plan: FaultPlan, _ sabotage: SimulatedRun.Sabotage? = nil
  ) {
    self.seed = seed
    self.clock = FakeClock()
    self.scheduler = Scheduler(Chance(seed: seed, of: "order"))
    self.trace = Trace(self.clock)
    self.network = Chance(seed: seed, of: "network")
    self.crashes = Chance(seed: seed, of: "crashes")
    self.folder = folder
    self.state = Mutex(State(plan: plan))
    self.sabotage = sabotage
    self.gateway = SimulatedGateway(Chance(seed: seed, of: "gateway"), sabotage)
    self.gateway.enter(self)
  }

  /// What goes wrong now.
  var plan: FaultPlan { self.state.withLock { $0.plan } }

  /// From now on this goes wrong.
  func follow(_ plan: FaultPlan) {
    let was = self.state.withLock { state in
      defer { state.plan = plan }
      return state.plan
    }
    if was != plan { self.trace.add(plan == .none ? "calm" : "\(plan)") }
  }

  func drawFate() -> CallFate { .drawn(self.network, self.plan) }

  func sleep(_ milliseconds: Int64) async throws {
    try await self.clock.sleep(until: self.clock.now().adding(milliseconds: milliseconds))
  }

  // Processes.

  func add(_ node: ServiceNode) {
    self.state.withLock { $0.nodes[node.name] = node }
  }

  /// A service's process, while it serves.
  func serving(_ name: ServiceName) -> ServiceNode.Serving? {
    self.state.withLock { $0.nodes[name] }?.serving
  }

  /// A service's process, while it serves; throws as a refused connection does.
  func server(_ name: ServiceName) throws -> ServiceNode.Serving {
    guard let serving = self.serving(name) else {
      throw ServiceError(code: .unavailable, message: "The connection was refused.")
    }
    return serving
  }

  /// Lets one process after another die, wherever it stands, for as long as things go wrong and the
  /// world is there.
  func letDie() async {
    while self.plan.deathsMs > 0 {
      let wait = self.crashes.wait(1...self.plan.deathsMs)
      guard (try? await self.sleep(wait)) != nil else { return }
      let names = ServiceName.allCases
      let name = names[self.crashes.number(0...(names.count - 1))]
      if self.plan.deathsMs > 0 { self.state.withLock { $0.nodes[name] }?.die() }
    }
  }

  /// A way to a service for `caller`, from one of its processes or, with nil, from outside.
  func channel(
    to name: ServiceName, from life: Life?, as caller: Caller
  ) -> any RPCChannel {
    SimulatedChannel(world: self, from: life, to: name).calling(as: caller)
  }

  // Tasks.

  /// Runs something beside everything else.
  @discardableResult
  func spawn(_ work: @escaping @Sendable () async -> Void) -> Task<Void, Never> {
    let task = Task(executorPreference: self.scheduler) { await work() }
    self.state.withLock { $0.tasks.append(task) }
    return task
  }

  /// Runs something after a while, unless the run is over by then.
  func later(afterMs milliseconds: Int64, _ work: @escaping @Sendable () async -> Void) {
    self.spawn {
      try? await self.sleep(milliseconds)
      if !Task.isCancelled { await work() }
    }
  }

  /// Ends every task that `spawn` has begun.
  func cancelAll() {
    let tasks = self.state.withLock { state in
      defer { state.tasks = [] }
      return state.tasks
    }
    for task in tasks { task.cancel() }
  }

  // Findings.

  var stories: [SimulatedRun.Story: Int] { self.state.withLock { $0.stories } }

  func tell(_ story: SimulatedRun.Story) {
    self.state.withLock { $0.stories[story, default: 0] += 1 }
  }

  var violations: [String] { self.state.withLock { $0.violations } }
  var isViolated: Bool { self.state.withLock { !$0.violations.isEmpty } }

  func violated(_ what: String) {
    self.trace.add("VIOLATION \(what)")
    self.state.withLock { $0.violations.append(what) }
  }
}
