import RPC

/// One run of the main job: the four services in this process, over an in-process network, on a
/// simulated clock, with their stores in files that crashes leave behind.
///
/// Everything that happens is drawn from the seed. The process must run with
/// `SWIFT_DETERMINISTIC_HASHING=1`, or sets and dictionaries go through their elements in an order
/// of their own.
public struct SimulatedRun: Sendable {
  /// How long things go wrong, in milliseconds of simulated time.
  public static let faultsMs: Int64 = 120_000

  /// From which everything is drawn.
  public var seed: UInt64
  /// How many persons apply at the same time.
  public var walks = 3
  /// Whether anything goes wrong at all.
  public var hasFaults = true
  /// What is broken on purpose, to see that the inquiry finds it out; nil for nothing.
  public var sabotage: Sabotage?

  /// What no store of ours may do.
  public enum Sabotage: String, Hashable, Sendable, CaseIterable {
    /// A crash takes the last acknowledged transaction with it.
    case storesForget = "stores-forget"
    /// A process that starts knows no call that was answered before.
    case inboxesForget = "inboxes-forget"
  }

  /// What came of a run.
  public struct Outcome: Sendable {
    /// What happened, a line an event.
    public let trace: [String]
    /// What must not have been; empty for a good run.
    public let violations: [String]
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
    let world = try SimulatedWorld.run(seed: self.seed, in: folder, plan) { await self.live($0) }
    return Outcome(
      trace: world.trace.lines, violations: world.violations, steps: world.scheduler.steps)
  }

  private func live(_ world: SimulatedWorld) async {
    for name in ServiceName.allCases {
      let node = ServiceNode(name, in: world, self.sabotage)
      world.add(node)
      world.spawn { await node.start() }
    }
    world.later(afterMs: Self.faultsMs) { world.follow(.none) }
    world.spawn { await world.letDie() }
    let walks = await withTaskGroup(of: Walk.Acknowledged?.self) { group in
      for number in 0..<self.walks {
        group.addTask {
          do {
            return try await Walk(number, in: world).run()
          } catch {
            world.violated("walk \(number) was refused: \(error)")
            return nil
          }
        }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
    world.follow(.none)
    guard world.violations.isEmpty else { return }
    await Inquiry(world: world, walks: walks.compactMap(\.self)).run()
  }
}
