/// How the calls of a soak went.
struct SoakRecord {
  let latencyMsMax: Double
  private(set) var failures = 0
  private var latenciesMs: [Double] = []

  init(latencyMsMax: Double) {
    self.latencyMsMax = latencyMsMax
  }

  var count: Int { self.latenciesMs.count }

  /// Takes a call in and tells it as the description wants it told.
  mutating func add(_ elapsed: Duration, failure: String?, _ peer: String) {
    let elapsedMs = elapsed / .milliseconds(1)
    let reason = failure ?? (elapsedMs > self.latencyMsMax ? "too slow" : nil)
    if reason != nil { self.failures += 1 }
    let outcome = reason.map { "failed: \($0)" } ?? "succeeded"
    Console.note(
      "soak iteration: \(self.count) elapsed_ms: \(Int(elapsedMs)) peer: \(peer) \(outcome)")
    self.latenciesMs.append(elapsedMs)
  }

  var summary: String {
    let sorted = self.latenciesMs.sorted()
    let shown = [("median", 50), ("90th", 90), ("worst", 100)].map { name, percent in
      let index = min(sorted.count * percent / 100, sorted.count - 1)
      return "\(name) \(sorted.isEmpty ? 0 : Int((sorted[index] * 1_000).rounded())) us"
    }
    return "soak: \(self.count) calls, \(self.failures) failed, "
      + shown.joined(separator: ", ")
  }
}
