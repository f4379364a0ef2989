import DomainModel
import Synchronization
import Testing

@testable import ServiceKit

struct BlockingPoolTests {
  private struct Broken: Error {}

  /// What holds the work back, and how much was refused meanwhile.
  private final class Gate: Sendable {
    let isOpen = Atomic<Bool>(false)
    let refused = Atomic<Int>(0)
  }

  /// How much runs at once.
  private final class Count: Sendable {
    let running = Atomic<Int>(0)
    let most = Atomic<Int>(0)
  }

  @Test func `work returns or throws what it does`() async throws {
    let pool = BlockingPool()
    #expect(try await pool.run { 42 } == 42)
    await #expect(throws: Broken.self) { try await pool.run { throw Broken() } }
  }

  @Test func `work beyond the bound is refused, and its place is free again later`() async throws {
    let pool = BlockingPool()
    let gate = Gate()
    let extra = 5
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<(BlockingPool.workMax + extra) {
        group.addTask {
          do {
            try await pool.run { while !gate.isOpen.load(ordering: .acquiring) {} }
          } catch {
            let refused = gate.refused.add(1, ordering: .relaxed).newValue
            if refused == extra { gate.isOpen.store(true, ordering: .releasing) }
          }
        }
      }
    }
    #expect(gate.refused.load(ordering: .relaxed) == extra)
    #expect(try await pool.run { 1 } == 1)
  }

  @Test func `a pool of its own runs no more at once than it has threads, and ends`() async throws {
    let pool = BlockingPool(threads: 2, workMax: 100)
    let count = Count()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<50 {
        group.addTask {
          try await pool.run {
            let now = count.running.add(1, ordering: .sequentiallyConsistent).newValue
            count.most.max(now, ordering: .sequentiallyConsistent)
            count.running.subtract(1, ordering: .sequentiallyConsistent)
          }
        }
      }
      try await group.waitForAll()
    }
    let most = count.most.load(ordering: .sequentiallyConsistent)
    #expect((1...2).contains(most))
    await pool.close()
    await #expect(throws: (any Error).self) { try await pool.run { 1 } }
  }
}
