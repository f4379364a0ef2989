import TestSupport
import Testing

@testable import LoadReport

/// What the histogram tells, beside the sorted values that it was told.
struct LatencyHistogramTests {
  /// A way in which latencies may lie, in µs.
  enum Distribution: CaseIterable {
    case even, wide, twoPeaks, one, longTail

    func value(_ random: SeededRandom) -> Int64 {
      let drawn = random.next()
      switch self {
      case .even: return 1 + Int64(drawn % 1_000_000)
      case .wide: return 1 + Int64((drawn >> 8) % (1 << (drawn % 32)))
      case .twoPeaks: return Int64(drawn % 10 == 0 ? 900_000 + drawn % 1_000 : 800 + drawn % 100)
      case .one: return 4_711
      case .longTail: return Int64(3_600_000_000 / (1 + (drawn >> 16) % 1_000_000))
      }
    }
  }

  private static func filled(
    _ distribution: Distribution, _ count: Int, seed: UInt64
  ) -> (histogram: LatencyHistogram, sorted: [Int64]) {
    let random = SeededRandom(seed: seed)
    let values = (0..<count).map { _ in distribution.value(random) }
    var histogram = LatencyHistogram()
    for value in values { histogram.record(value) }
    return (histogram, values.sorted())
  }

  @Test(arguments: Distribution.allCases)
  func `percentiles are those of the sorted values to three digits`(_ distribution: Distribution) {
    for seed in UInt64(1)...20 {
      let count = 1 + Int(seed * seed * seed * 3)
      let (histogram, sorted) = Self.filled(distribution, count, seed: seed)
      for percentile in Percentile.told + [Percentile(perMillion: 1_000_000)] {
        let exact = sorted[percentile.rank(of: count) - 1]
        let told = histogram.valueUs(at: percentile) ?? -1
        // Never below, and above by less than a thousandth.
        #expect(told >= exact && (told - exact) * 1_000 < exact, "seed \(seed), \(percentile)")
      }
    }
  }

  @Test(arguments: Distribution.allCases)
  func `count, mean and extremes are exact`(_ distribution: Distribution) throws {
    let (histogram, sorted) = Self.filled(distribution, 999, seed: 5)
    #expect(histogram.count == 999)
    #expect(histogram.minUs == sorted.first)
    #expect(histogram.maxUs == sorted.last)
    #expect(histogram.meanUs == Double(sorted.reduce(0, +)) / 999)
    #expect(histogram.buckets.map(\.count).reduce(0, +) == 999)
  }

  @Test func `an empty one tells nothing`() {
    let histogram = LatencyHistogram()
    #expect(histogram.valueUs(at: .p50) == nil)
    #expect(histogram.minUs == nil && histogram.maxUs == nil && histogram.meanUs == nil)
  }

  @Test func `what is out of range counts as the nearest that is not`() {
    var histogram = LatencyHistogram()
    for value in [-5, 0, LatencyHistogram.longestUs + 1, Int64.max] { histogram.record(value) }
    #expect(histogram.minUs == LatencyHistogram.shortestUs)
    #expect(histogram.maxUs == LatencyHistogram.longestUs)
    #expect(histogram.valueUs(at: .p50) == 1)
    #expect(histogram.valueUs(at: .p99) == LatencyHistogram.longestUs)
  }

  @Test(arguments: [BucketLayout.threeDigits, .plotted])
  func `every value has one bucket, and buckets leave no gap`(_ layout: BucketLayout) {
    let count = layout.count(to: LatencyHistogram.longestUs)
    #expect(count == (layout == .threeDigits ? 23_221 : 886))
    var next: Int64 = 0
    for index in 0..<count {
      #expect(layout.lowest(of: index) == next)
      let highest = layout.highest(of: index)
      #expect(layout.index(of: next) == index && layout.index(of: highest) == index)
      // Within one part of 2^halfBits.
      #expect((highest - next) << layout.halfBits <= next)
      next = highest + 1
    }
    #expect(next > LatencyHistogram.longestUs)
  }
}
