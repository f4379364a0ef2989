import LoadReport
import TestSupport
import Testing

/// Shares of the calls, and which call they mean.
struct PercentileTests {
  @Test(arguments: [
    (500_000, "p50"), (990_000, "p99"), (999_000, "p99.9"), (999_900, "p99.99"),
    (999_999, "p99.9999"), (0, "p0"), (1_000_000, "p100"), (12_050, "p1.205"), (50, "p0.005"),
  ])
  func `has its usual name`(perMillion: Int, name: String) {
    #expect(Percentile(perMillion: perMillion).name == name)
  }

  /// Percentile in millionths, calls, and the rank that the definition gives.
  @Test(arguments: [
    (500_000, 1, 1), (500_000, 2, 1), (500_000, 3, 2), (990_000, 100, 99), (990_000, 101, 100),
    (999_900, 10_000, 9_999), (999_900, 10_001, 10_000), (999_900, 5, 5), (0, 7, 1),
    (1_000_000, 7, 7), (999_999, 1_000_000_000, 999_999_000),
  ])
  func `means the first call that has the share at or below it`(
    perMillion: Int, count: Int, rank: Int
  ) {
    #expect(Percentile(perMillion: perMillion).rank(of: count) == rank)
  }

  @Test func `has no call below it that would do`() {
    let random = SeededRandom(seed: 11)
    for _ in 0..<1_000 {
      let percentile = Percentile(perMillion: 1 + Int(random.next() % 1_000_000))
      let count = 1 + Int(random.next() % 50_000_000)
      let rank = percentile.rank(of: count)
      #expect(rank * 1_000_000 >= percentile.perMillion * count)
      #expect((rank - 1) * 1_000_000 < percentile.perMillion * count)
    }
  }
}
