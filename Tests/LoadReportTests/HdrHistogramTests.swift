import Foundation
import TestSupport
import Testing

@testable import LoadReport

/// Percentiles beside those of PyPI's hdrhistogram over the same latencies: what it says stands in
/// `Tests/Contract/golden/hdrhistogram.tsv`, and `Tests/Contract/test_histogram.py` asks it again.
struct HdrHistogramTests {
  private static let percentiles =
    [.p50, .p90, .p99, .p999, .p9999, Percentile(perMillion: 1_000_000)] as [Percentile]

  /// A seed and the values in µs at each percentile.
  private static func golden() throws -> [[Int64]] {
    let path = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Contract/golden/hdrhistogram.tsv")
    return try String(contentsOf: path, encoding: .utf8).split(separator: "\n").map { line in
      line.split(separator: "\t").compactMap { Int64($0) }
    }
  }

  @Test func `says what another histogram says`() throws {
    let rows = try Self.golden()
    #expect(rows.count == 8)
    for row in rows {
      let seed = UInt64(row[0])
      let random = SeededRandom(seed: seed)
      var histogram = LatencyHistogram()
      for _ in 0..<20_000 {
        let drawn = random.next()
        let latency = 1 + (drawn >> 8) % (1 << (drawn % 33))
        histogram.record(min(Int64(latency), LatencyHistogram.longestUs))
      }
      // Ours never tells more than the longest that there was.
      let longest = try #require(histogram.maxUs)
      let told = Self.percentiles.compactMap(histogram.valueUs)
      #expect(told == row.dropFirst().map { min($0, longest) }, "seed \(seed)")
    }
  }
}
