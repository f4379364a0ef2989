import Foundation
import Synchronization
import TestSupport

extension SimulatedWorld {
  /// The most steps that a run may take, so that one that goes in circles ends.
  static let stepsMax = 3_000_000

  /// Runs `life` in a new world to its end, or to the first thing that must not be, on this
  /// thread, and returns the world as it is then.
  /// Its files lie in `folder`, which is made and removed.
  static func run(
    seed: UInt64, in folder: String, _ plan: FaultPlan,
    _ sabotage: SimulatedRun.Sabotage? = nil,
    _ life: @escaping @Sendable (SimulatedWorld) async -> Void
  ) throws -> SimulatedWorld {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let world = SimulatedWorld(seed: seed, folder: folder, plan, sabotage)
    let isDone = Atomic(false)
    world.spawn {
      await life(world)
      isDone.store(true, ordering: .relaxed)
    }
    let hasEnded = world.scheduler.run(stepsMax: Self.stepsMax) {
      isDone.load(ordering: .relaxed) || world.isViolated
    } rest: {
      world.advance()
    }
    if !hasEnded { world.violated("it came to no end in \(world.scheduler.steps) steps") }
    world.leave()
    return world
  }

  /// Moves the clock to where the next sleeper wakes; false if nobody sleeps.
  private func advance() -> Bool {
    guard let wake = self.clock.earliestWake else { return false }
    self.clock.set(wake)
    return true
  }

  /// Ends what is left of the tasks, so that nothing of this world is there in the next one.
  private func leave() {
    self.cancelAll()
    _ = self.scheduler.run(stepsMax: Self.stepsMax, until: { false }, rest: { false })
  }
}
