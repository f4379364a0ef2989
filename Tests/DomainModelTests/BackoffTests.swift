import DomainModel
import TestSupport
import Testing

struct BackoffTests {
  @Test(
    arguments: [(0, 100), (1, 100), (2, 200), (5, 1_600), (8, 10_000), (.max, 10_000)]
      as [(Int, Int64)])
  func `a wait is between half of the doubled one and all of it`(
    _ failures: Int, _ wholeMs: Int64
  ) {
    let random = SeededRandom(seed: 3)
    let backoff = Backoff(firstMs: 100, maxMs: 10_000)
    let waits = (0..<1_000).map { _ in backoff.delayMs(failures: failures, random) }
    #expect(waits.allSatisfy { (wholeMs / 2...wholeMs).contains($0) })
    #expect(Set(waits).count > 40)
  }

  @Test(
    arguments: [(0, 0), (-5, -5), (Int64.max, Int64.max), (Int64.max, 10)] as [(Int64, Int64)])
  func `a wait lasts a millisecond at least and never overflows`(_ firstMs: Int64, _ maxMs: Int64) {
    let backoff = Backoff(firstMs: firstMs, maxMs: maxMs)
    for failures in [Int.min, 0, 1, 2, 63, 64, Int.max] {
      for jitter in [0, 1, UInt64.max] {
        let delayMs = backoff.delayMs(failures: failures, jitter: jitter)
        #expect((1...max(1, maxMs)).contains(delayMs))
      }
    }
  }
}
