import DomainModel
import Storage
import StorageSQLite
import Synchronization

/// What one run found.
struct Measurement {
  var perSecond: Double
  var meanBatch: Double
  var p50Ms: Double
  var p99Ms: Double

  init(seconds: Double, latenciesNs: [UInt64], _ statistics: SQLiteStatistics) {
    let sorted = latenciesNs.sorted()
    func quantile(_ part: Double) -> Double {
      if sorted.isEmpty { return 0 }
      return Double(sorted[min(sorted.count - 1, Int(Double(sorted.count) * part))]) / 1e6
    }
    self.perSecond = Double(sorted.count) / seconds
    self.meanBatch = Double(statistics.writes) / Double(max(statistics.commits, 1))
    self.p50Ms = quantile(0.5)
    self.p99Ms = quantile(0.99)
  }

  var json: String {
    """
    {"per_second": \(self.perSecond), "mean_batch": \(self.meanBatch), "p50_ms": \(self.p50Ms), \
    "p99_ms": \(self.p99Ms)}
    """
  }
}

/// Nanoseconds since the process began.
struct Stopwatch: Sendable {
  private let clock = ContinuousClock()
  private let start = ContinuousClock().now

  func nanoseconds() -> UInt64 {
    let parts = (self.clock.now - self.start).components
    return UInt64(parts.seconds) * 1_000_000_000 + UInt64(parts.attoseconds / 1_000_000_000)
  }
}

/// Numbers the writes.
final class Counter: Sendable {
  private let value = Atomic<Int>(0)

  func next() -> Int { self.value.add(1, ordering: .relaxed).oldValue }
}

/// One run against one store.
struct Run: Sendable {
  let store: SQLiteStore
  let workload: Workload
  let seconds: Double

  private func save(_ statements: [SQL]) async throws {
    try await self.store.write { transaction in
      for statement in statements { try transaction.execute(statement) }
    }
  }

  /// `callers` at once, each with one write under way.
  func closedLoop(callers: Int) async throws -> Measurement {
    let endNs = UInt64(self.seconds * 1e9)
    let counter = Counter()
    let watch = Stopwatch()
    let latencies = try await withThrowingTaskGroup(of: [UInt64].self) { group in
      for caller in 0..<callers {
        group.addTask {
          var random = SplitMix(UInt64(caller) &* 7_919 &+ watch.nanoseconds())
          var latencies: [UInt64] = []
          while watch.nanoseconds() < endNs {
            let rows = self.workload.rows(counter.next(), &random)
            let began = watch.nanoseconds()
            try await self.save(rows)
            latencies.append(watch.nanoseconds() - began)
          }
          return latencies
        }
      }
      return try await group.reduce(into: []) { $0.append(contentsOf: $1) }
    }
    return Measurement(
      seconds: Double(watch.nanoseconds()) / 1e9, latenciesNs: latencies, self.store.statistics)
  }

  /// An open loop: writes arrive at a fixed rate, whether or not the earlier ones are done,
  /// and each one's latency counts from when it *should* have begun, so that a stall is felt by all
  /// who came meanwhile. One that the full queue refuses counts as if it had lasted the whole run.
  func openLoop(rate: Double) async throws -> Measurement {
    let watch = Stopwatch()
    let count = Int(rate * self.seconds)
    let gapNs = 1e9 / rate
    let latencies = try await withThrowingTaskGroup(of: UInt64.self) { group in
      var random = SplitMix(42)
      var sent = 0
      while sent < count {
        let nowNs = Double(watch.nanoseconds())
        while sent < count && Double(sent) * gapNs <= nowNs {
          let rows = self.workload.rows(sent, &random)
          let intendedNs = UInt64(Double(sent) * gapNs)
          group.addTask {
            do {
              try await self.save(rows)
              return watch.nanoseconds() - intendedNs
            } catch let error as ServiceError where error.code == .resourceExhausted {
              return UInt64(self.seconds * 1e9)
            }
          }
          sent += 1
        }
        try await Task.sleep(for: .microseconds(500))
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    return Measurement(
      seconds: Double(watch.nanoseconds()) / 1e9, latenciesNs: latencies, self.store.statistics)
  }
}
