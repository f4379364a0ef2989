/// How often each latency came, in memory that does not grow with the calls: an HdrHistogram.
/// Latencies from 1 µs to 1 h; what is shorter or longer counts as the nearest of these.
package struct LatencyHistogram: Hashable, Sendable {
  /// The shortest latency that is told, in µs.
  package static let shortestUs: Int64 = 1
  /// The longest latency that is told, in µs: one hour.
  package static let longestUs: Int64 = 3_600_000_000
  /// How many calls one histogram can hold; one more is a broken promise.
  package static let callsMax = 1_000_000_000

  let layout: BucketLayout
  private var counts: [UInt32]
  /// How many latencies were recorded.
  package private(set) var count = 0
  /// The sum of all latencies in µs.
  package private(set) var totalUs: Int64 = 0
  private var fastestUs = Int64.max
  private var slowestUs: Int64 = 0

  /// An empty histogram that tells latencies to three significant digits.
  package init() {
    self.init(layout: .threeDigits)
  }

  init(layout: BucketLayout) {
    self.layout = layout
    self.counts = Array(repeating: 0, count: layout.count(to: Self.longestUs))
  }

  /// The shortest latency recorded, exactly, in µs; nil if there is none.
  package var minUs: Int64? { self.count == 0 ? nil : self.fastestUs }

  /// The longest latency recorded, exactly, in µs; nil if there is none.
  package var maxUs: Int64? { self.count == 0 ? nil : self.slowestUs }

  /// The mean latency, exactly, in µs; nil if there is none.
  package var meanUs: Double? { self.count == 0 ? nil : Double(self.totalUs) / Double(self.count) }

  /// Counts one latency in µs.
  package mutating func record(_ latencyUs: Int64) {
    let value = min(max(latencyUs, Self.shortestUs), Self.longestUs)
    self.counts[self.layout.index(of: value)] += 1
    self.count += 1
    precondition(self.count <= Self.callsMax, "a histogram holds \(Self.callsMax) calls")
    self.totalUs += value
    self.fastestUs = min(self.fastestUs, value)
    self.slowestUs = max(self.slowestUs, value)
  }

  /// The latency in µs that this share of the calls was at or below, told as the longest that the
  /// histogram cannot tell from it; nil if nothing was recorded.
  package func valueUs(at percentile: Percentile) -> Int64? {
    if self.count == 0 { return nil }
    if percentile.perMillion == 0 { return self.fastestUs }
    var left = percentile.rank(of: self.count)
    for bucket in self.buckets {
      left -= bucket.count
      if left <= 0 { return min(bucket.longestUs, self.slowestUs) }
    }
    return self.slowestUs
  }

  /// A range of latencies that are not told apart, and how many calls took so long.
  package struct Bucket: Hashable, Sendable {
    /// The shortest latency of the range, in µs.
    package let shortestUs: Int64
    /// The longest latency of the range, in µs.
    package let longestUs: Int64
    /// How many calls lie in it; at least one.
    package let count: Int
  }

  /// The buckets that hold a call, rising.
  package var buckets: some Sequence<Bucket> {
    let range =
      self.count == 0
      ? 0..<0 : self.layout.index(of: self.fastestUs)..<self.layout.index(of: self.slowestUs) + 1
    return range.lazy.filter { self.counts[$0] > 0 }.map { index in
      Bucket(
        shortestUs: self.layout.lowest(of: index), longestUs: self.layout.highest(of: index),
        count: Int(self.counts[index]))
    }
  }

  /// What a written result says again; nil if it contradicts itself.
  init?(written: WrittenHistogram) {
    self.init()
    guard written.fromUs.count == written.calls.count else { return nil }
    var last: Int64 = -1
    for (from, calls) in zip(written.fromUs, written.calls) {
      guard from > last, (0...Self.longestUs).contains(from), (1...Self.callsMax).contains(calls)
      else { return nil }
      let index = self.layout.index(of: from)
      guard self.layout.lowest(of: index) == from else { return nil }
      self.counts[index] = UInt32(calls)
      self.count += calls
      last = from
    }
    guard self.count <= Self.callsMax, self.count == 0 || self.fits(written) else { return nil }
    if self.count == 0 { return }
    self.totalUs = written.totalUs
    self.fastestUs = written.minUs
    self.slowestUs = written.maxUs
  }

  private func fits(_ written: WrittenHistogram) -> Bool {
    let limits = Self.shortestUs...Self.longestUs
    guard let first = written.fromUs.first, let last = written.fromUs.last,
      limits.contains(written.minUs), limits.contains(written.maxUs)
    else { return false }
    let isTotalRight =
      written.totalUs >= written.minUs && written.totalUs / written.maxUs <= Int64(self.count)
    return self.layout.lowest(of: self.layout.index(of: written.minUs)) == first
      && self.layout.lowest(of: self.layout.index(of: written.maxUs)) == last && isTotalRight
  }
}
