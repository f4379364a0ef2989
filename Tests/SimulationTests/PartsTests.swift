import DomainModel
import Foundation
import RPC
import Storage
import Synchronization
import TestSupport
import Testing
import Wire

@testable import Simulation

/// The parts of the simulation, each by itself.
@Suite struct PartsTests {
  /// Runs `body` in a world of its own.
  private static func within(
    seed: UInt64 = 1, _ plan: FaultPlan = .none,
    _ body: @escaping @Sendable (SimulatedWorld) async throws -> Void
  ) throws -> SimulatedWorld {
    let folder = FileManager.default.temporaryDirectory.appending(
      path: "anju-simulation-parts-\(UUID().uuidString)")
    return try SimulatedWorld.run(seed: seed, in: folder.path, plan) { world in
      do {
        try await body(world)
      } catch {
        world.violated("\(error)")
      }
    }
  }

  private static func order(seed: UInt64) throws -> [Int] {
    let order = Heard<Int>()
    _ = try Self.within(seed: seed) { world in
      await withTaskGroup { group in
        for number in 0..<10 {
          group.addTask {
            await world.scheduler.pause()
            order.keep(number)
          }
        }
      }
    }
    return order.all
  }

  @Test func `a seed draws the order of tasks`() throws {
    let orders = try (1...5).map { try Self.order(seed: $0) }
    #expect(orders.allSatisfy { $0.sorted() == Array(0..<10) })
    #expect(Set(orders).count == 5)
    #expect(try Self.order(seed: 1) == orders[0])
  }

  @Test func `time passes only when nobody can go on`() throws {
    let world = try Self.within { world in
      let begun = world.clock.now()
      for _ in 0..<100 { await world.scheduler.pause() }
      if world.clock.now() != begun { world.violated("time has passed") }
      try await world.sleep(3_600_000)
      if world.clock.now() != begun.adding(milliseconds: 3_600_000) {
        world.violated("it is \(world.clock.now())")
      }
    }
    #expect(world.violations == [])
  }

  @Test func `what waits for ever is told`() throws {
    let world = try Self.within { _ in
      await withCheckedContinuation { Forgotten.kept.keep($0) }
    }
    #expect(world.violations.contains { $0.contains("no end") })
    for continuation in Forgotten.kept.all { continuation.resume() }
  }

  @Test func `a task of another thread ends the process`() async {
    await #expect(processExitsWith: .failure) {
      let scheduler = Scheduler(Chance(seed: 1, of: "order"))
      Thread.detachNewThread { Task(executorPreference: scheduler) {} }
      try await Task.sleep(for: .seconds(60))
    }
  }

  /// How many rows there are of one that was to be written as the process died, and whether it was
  /// started again.
  private static func rows(after plan: FaultPlan) throws -> (count: Int, wasRestarted: Bool) {
    let found = Mutex((count: -1, wasRestarted: false))
    let world = try Self.within { world in
      let node = ServiceNode(.registry, in: world)
      world.add(node)
      await node.start()
      var count = 0
      // A job of the service's own may write first, and the process dies at that.
      for _ in 0..<10 where count == 0 {
        world.follow(plan)
        let answered = try? await node.serving?.store.write { transaction in
          try transaction.changedRows(
            "INSERT INTO schema_step (version, name, applied_at) VALUES (1000, 'mine', 0)")
        }
        world.follow(.none)
        if answered != nil { world.violated("a dead process was answered") }
        while node.serving == nil { try await world.sleep(100) }
        guard let serving = node.serving else { return }
        count = try await serving.store.read {
          try $0.row("SELECT COUNT(*) AS n FROM schema_step WHERE name = 'mine'")?.int("n") ?? 0
        }
      }
      let name = node.serving?.life.name
      found.withLock { $0 = (count, name != nil && name != "registry#1") }
    }
    #expect(world.violations == [])
    return found.withLock { $0 }
  }

  @Test func `what a process had not committed when it died is gone`() throws {
    let found = try Self.rows(after: FaultPlan(crashesBeforeCommit: 1_000))
    #expect(found == (0, true))
  }

  @Test func `what a process had committed when it died is there`() throws {
    let found = try Self.rows(after: FaultPlan(crashesAfterCommit: 1_000))
    #expect(found == (1, true))
  }

  /// How a call ends under a plan, how often it was done, and whether it came again.
  private static func call(
    _ plan: FaultPlan
  ) throws -> (ending: ServiceError.Code?, writes: Int, again: Bool) {
    let ending = Heard<ServiceError.Code?>()
    let writes = Heard<Int>()
    let world = try Self.within { world in
      let node = ServiceNode(.registry, in: world)
      world.add(node)
      await node.start()
      let client = Client(
        world: world, caller: Caller(kind: .integrator, id: "platform"),
        chance: Chance(seed: 1, of: "client"))
      let request = RegistryV1.RecordRegistrationRequest(
        idempotencyKey: "registration-of-the-first", person: Person(0).identity,
        address: Person.residence, declaredOn: "2025-03-01", officeCode: "330106500000")
      world.follow(plan)
      do {
        _ = try await client.registry.recordRegistration(request, options: client.options)
        ending.keep(nil)
      } catch let error as ServiceError {
        ending.keep(error.code)
      }
      world.follow(.none)
      try await world.sleep(60_000)
      let rows = try await node.serving?.store.read {
        try $0.row("SELECT COUNT(*) AS n FROM registration")?.int("n") ?? 0
      }
      writes.keep(rows ?? -1)
    }
    #expect(world.violations == [])
    return (
      ending.all.first ?? .unknown, writes.all.first ?? -1,
      world.trace.lines.contains { $0.contains("is asked again") }
    )
  }

  @Test func `a call is lost, or its answer, or comes again, or late`() throws {
    #expect(try Self.call(.none) == (nil, 1, false))
    #expect(try Self.call(FaultPlan(lostRequests: 1_000)) == (.unavailable, 0, false))
    #expect(try Self.call(FaultPlan(lostAnswers: 1_000)) == (.unavailable, 1, false))
    #expect(try Self.call(FaultPlan(repeated: 1_000)) == (nil, 1, true))
    #expect(try Self.call(FaultPlan(late: 1_000)) == (.deadlineExceeded, 1, true))
  }
}

/// Keeps what a test leaves waiting, until it is over.
private enum Forgotten {
  static let kept = Heard<CheckedContinuation<Void, Never>>()
}
