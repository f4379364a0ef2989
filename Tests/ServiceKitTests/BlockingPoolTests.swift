import DomainModel
import ServiceKit
import Synchronization
import Testing

struct BlockingPoolTests {
  private struct Broken: Error {}

  /// What holds the work back, and how much was refused meanwhile.
  private final class Gate: Sendable {
    let isOpen = Atomic<Bool>(false)
    let refused = Atomic<Int>(0)
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
}
