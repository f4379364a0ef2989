import RPC

/// One run of the main job: the four services in this process, over an in-process network, on a
/// simulated clock, with their stores in files that crashes leave behind.
///
/// Everything that happens is drawn from the seed. The process must run with
/// `SWIFT_DETERMINISTIC_HASHING=1`, or sets and dictionaries go through their elements in an order
/// of their own.
public struct SimulatedRun: Sendable {
  /// How long things go wrong, in milliseconds of simulated time.
  public static let faultsMs: Int64 = 75_000

  /// From which everything is drawn.
  public var seed: UInt64
  /// How many persons apply at the same time.
  public var walks = 3
  /// Whether anything goes wrong at all.
  public var hasFaults = true
  /// What is broken on purpose, to see that the inquiry finds it out; nil for nothing.
  public var sabotage: Sabotage?

  /// What came of a run.
  public struct Outcome: Sendable {
    /// What happened, a line an event.
    public let trace: [String]
    /// What must not have been; empty for a good run.
    public let violations: [String]
    /// How often what came to pass.
    public let stories: [Story: Int]
    /// How many steps tasks have made.
    public let steps: Int
  }

  /// A run with three walks and faults.
  public init(seed: UInt64) {
    self.seed = seed
  }

  /// Runs it to its end, on this thread. Its files lie in `folder`, which is made and removed.
  public func run(in folder: String) throws -> Outcome {
    let plan = self.hasFaults ? .drawn(Chance(seed: self.seed, of: "faults")) : FaultPlan.none
    let world = try SimulatedWorld.run(
      seed: self.seed, in: folder, plan, self.sabotage
    ) { await self.live($0) }
    return Outcome(
      trace: world.trace.lines, violations: world.violations, stories: world.stories,
      steps: world.scheduler.steps)
  }

  private func live(_ world: SimulatedWorld) async {
    for name in ServiceName.allCases {
      let node = ServiceNode(name, in: world)
      world.add(node)
      world.spawn { await node.start() }
    }
    world.later(afterMs: Self.faultsMs) { world.follow(.none) }
    world.spawn { await world.letDie() }
    let walked = await withTaskGroup(of: [Acknowledged].self) { group in
      for number in 0..<self.walks {
        group.addTask {
          do {
            return try await Walk(number, in: world).run()
          } catch {
            if !world.isViolated { world.violated("walk \(number) was refused: \(error)") }
            return []
          }
        }
      }
      return await group.reduce(into: []) { $0 += $1 }
    }
    world.follow(.none)
    await Inquiry(world: world, walked: walked).run()
  }
}
