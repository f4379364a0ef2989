/// A share of the calls, in millionths, so that p99.99 is an exact number.
package struct Percentile: Hashable, Comparable, Sendable, Codable {
  /// The share in millionths, from 0 (the fastest call) to 1,000,000 (the slowest).
  package let perMillion: Int

  /// A share; outside of 0 to 1,000,000 it is a broken promise.
  package init(perMillion: Int) {
    precondition((0...1_000_000).contains(perMillion), "a percentile lies between 0 and 100")
    self.perMillion = perMillion
  }

  /// Half of the calls.
  package static let p50 = Percentile(perMillion: 500_000)
  /// Nine of ten calls.
  package static let p90 = Percentile(perMillion: 900_000)
  /// 99 of 100 calls.
  package static let p99 = Percentile(perMillion: 990_000)
  /// 999 of 1,000 calls.
  package static let p999 = Percentile(perMillion: 999_000)
  /// 9,999 of 10,000 calls.
  package static let p9999 = Percentile(perMillion: 999_900)

  /// The five that every table shows, rising.
  package static let told = [p50, p90, p99, p999, p9999]

  /// Such as `p99.9`.
  package var name: String {
    let (whole, rest) = self.perMillion.quotientAndRemainder(dividingBy: 10_000)
    if rest == 0 { return "p\(whole)" }
    let digits = String(rest)
    var padded = String(repeating: "0", count: 4 - digits.count) + digits
    while padded.last == "0" { padded.removeLast() }
    return "p\(whole).\(padded)"
  }

  /// Which of `count` calls, sorted by latency and counted from 1, the percentile is: the first
  /// that has this share of all calls at or below it (nearest rank).
  package func rank(of count: Int) -> Int {
    let (whole, rest) = count.quotientAndRemainder(dividingBy: 1_000_000)
    let below = whole * self.perMillion + (rest * self.perMillion + 999_999) / 1_000_000
    return min(max(below, 1), max(count, 1))
  }

  package static func < (left: Percentile, right: Percentile) -> Bool {
    left.perMillion < right.perMillion
  }

  package init(from decoder: any Decoder) throws {
    let value = try decoder.singleValueContainer().decode(Int.self)
    guard (0...1_000_000).contains(value) else {
      throw ResultError("a percentile of \(value) millionths is outside of 0 to 1000000")
    }
    self.init(perMillion: value)
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(self.perMillion)
  }
}
