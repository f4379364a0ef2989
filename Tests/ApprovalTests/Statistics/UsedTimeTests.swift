import DomainModel
import TestSupport
import Testing

@testable import ApprovalCore

struct UsedTimeTests {
  @Test func `the buckets are few, ascend and are a quarter wide`() {
    let bounds = UsedTime.bounds
    #expect(bounds.count < 64)
    #expect(zip(bounds, bounds.dropFirst()).allSatisfy { $0 < $1 })
    for (low, high) in zip(bounds, bounds.dropFirst()) where low > 8 {
      #expect(Double(high) / Double(low) <= 1.26)
    }
    #expect((bounds.last ?? 0) >= 90 * 1_440)
  }

  private static let times: [(Int64, Int64)] = [
    (0, 1), (1, 1), (60_000, 1), (60_001, 2), (86_400_000, 1_440),
    (400 * 86_400_000, 90 * 1_440),
  ]

  @Test(arguments: Self.times)
  func `a time lies below its bucket's bound, by a quarter at most`(_ ms: Int64, _ minutes: Int64) {
    let bound = UsedTime.bounds[UsedTime.bucket(ofMs: ms)]
    #expect(bound >= minutes)
    #expect(Double(bound) <= Double(minutes) * 1.26 + 1)
  }

  /// Beside a whole list that is sorted.
  @Test func `quantiles are those of the list, as far as buckets tell`() {
    for seed in 1...200 as ClosedRange<UInt64> {
      var random = SeededRandom(seed: seed)
      let times = (0..<Int.random(in: 1...300, using: &random)).map { _ in
        Int64.random(in: 0...Int64.random(in: 1...10_000_000_000, using: &random), using: &random)
      }.sorted()
      var counts: [Int: Int64] = [:]
      for time in times { counts[UsedTime.bucket(ofMs: time), default: 0] += 1 }
      for percent in [50, 95] as [Int64] {
        let rank = (Int64(times.count) * percent + 99) / 100
        let exact = times[Int(rank) - 1]
        #expect(
          UsedTime.quantile(percent, of: counts) == UsedTime.bounds[UsedTime.bucket(ofMs: exact)],
          "seed \(seed)")
      }
    }
    #expect(UsedTime.quantile(50, of: [:]) == 0)
  }

  @Test func `each measure is read back as it was written`() {
    let all: [CaseMeasure] = [
      .received, .completed, .notAccepted, .refused, .withdrawn, .closed, .onTime, .late,
      .nearDeadline, .green, .greenOnTime, .greenLate, .reason("PHOTO_UNFIT"), .used(7),
    ]
    #expect(all.map { CaseMeasure(word: $0.word) } == all)
    #expect(Set(all.map(\.word)).count == all.count)
    #expect(CaseMeasure(word: "used:x") == nil && CaseMeasure(word: "of a later release") == nil)
  }
}
