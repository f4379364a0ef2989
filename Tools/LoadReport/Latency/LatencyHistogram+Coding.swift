/// A histogram as a result writes it: only the buckets that hold a call, as two lists of one
/// length, so that the file stays small.
struct WrittenHistogram: Codable {
  /// The shortest latency of each bucket in µs, rising.
  var fromUs: [Int64] = []
  /// How many calls each holds.
  var calls: [Int] = []
  /// The shortest latency in µs; 0 if there is none.
  var minUs: Int64 = 0
  /// The longest latency in µs; 0 if there is none.
  var maxUs: Int64 = 0
  /// The sum of all latencies in µs.
  var totalUs: Int64 = 0

  private enum CodingKeys: String, CodingKey {
    case fromUs = "from_us"
    case calls
    case minUs = "min_us"
    case maxUs = "max_us"
    case totalUs = "total_us"
  }
}

extension LatencyHistogram: Codable {
  /// Reads a histogram of three digits; throws `ResultError` if it contradicts itself.
  package init(from decoder: any Decoder) throws {
    let written = try WrittenHistogram(from: decoder)
    guard let histogram = LatencyHistogram(written: written) else {
      let place = decoder.codingPath.map(\.stringValue).joined(separator: ".")
      throw ResultError("\(place): these latencies contradict one another")
    }
    self = histogram
  }

  /// Writes a histogram of three digits; one of a plot's precision is never written.
  package func encode(to encoder: any Encoder) throws {
    precondition(self.layout == .threeDigits, "a slot's histogram is not written")
    var written = WrittenHistogram()
    for bucket in self.buckets {
      written.fromUs.append(bucket.shortestUs)
      written.calls.append(bucket.count)
    }
    written.minUs = self.minUs ?? 0
    written.maxUs = self.maxUs ?? 0
    written.totalUs = self.totalUs
    try written.encode(to: encoder)
  }
}
