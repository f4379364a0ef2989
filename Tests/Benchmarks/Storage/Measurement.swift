import DomainModel
import Foundation
import Storage
import Synchronization

/// What one run found.
struct Measurement {
  var perSecond: Double
  var meanBatch: Double
  var p50Ms: Double
  var p99Ms: Double
  /// This process's processor time for a write, all threads, user and system.
  var cpuMicroseconds: Double
  var reruns: Int

  init(_ span: Span, latenciesNs: [UInt64]) {
    let (seconds, cpuSeconds, counts) = (span.seconds, span.cpuSeconds, span.counts)
    let sorted = latenciesNs.sorted()
    func quantile(_ part: Double) -> Double {
      if sorted.isEmpty { return 0 }
      return Double(sorted[min(sorted.count - 1, Int(Double(sorted.count) * part))]) / 1e6
    }
    self.perSecond = Double(sorted.count) / seconds
    self.meanBatch = Double(counts.writes) / Double(max(counts.commits, 1))
    self.cpuMicroseconds = cpuSeconds * 1e6 / Double(max(sorted.count, 1))
    self.reruns = counts.reruns
    self.p50Ms = quantile(0.5)
    self.p99Ms = quantile(0.99)
  }

  var json: String {
    """
    {"per_second": \(self.perSecond), "mean_batch": \(self.meanBatch), "p50_ms": \(self.p50Ms), \
    "p99_ms": \(self.p99Ms), "cpu_us": \(self.cpuMicroseconds), "reruns": \(self.reruns)}
    """
  }
}

/// What passed from its beginning until it is asked.
struct Span {
  private let subject: Subject
  private let before: Subject.Counts
  private let cpuBefore = Self.cpuNow()
  let watch = Stopwatch()

  init(_ subject: Subject) {
    self.subject = subject
    self.before = subject.counts()
  }

  var seconds: Double { Double(self.watch.nanoseconds()) / 1e9 }
  var cpuSeconds: Double { Self.cpuNow() - self.cpuBefore }

  var counts: Subject.Counts {
    let now = self.subject.counts()
    return Subject.Counts(
      writes: now.writes - self.before.writes, commits: now.commits - self.before.commits,
      reruns: now.reruns - self.before.reruns)
  }

  private static func cpuNow() -> Double {
    var used = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used)
    return Double(used.tv_sec) + Double(used.tv_nsec) / 1e9
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
  let subject: Subject
  let workload: Workload
  var seconds: Double
  /// Numbers the writes of one place.
  let counter = Counter()

  /// How long callers write at a time until every connection has been made, in seconds.
  private static let connectingSeconds = 0.2
  /// How often.
  private static let connectingRoundsMax = 100

  /// What the house adds to every change is not waited for: `History` and `Outbox` do so as well.
  private static func isAdded(_ statement: SQL) -> Bool {
    ["INSERT INTO history", "INSERT INTO outbox"].contains { statement.text.hasPrefix($0) }
  }

  private func save(_ statements: [SQL]) async throws {
    try await self.subject.store.write { transaction in
      for statement in statements {
        if Self.isAdded(statement) {
          try transaction.executeLater(statement)
        } else {
          try transaction.execute(statement)
        }
      }
    }
  }

  /// Writes until the store has all its connections: they are made when they are first needed.
  func connectAll(callers: Int) async throws {
    var round = self
    round.seconds = Self.connectingSeconds
    for _ in 0..<Self.connectingRoundsMax {
      let counts = self.subject.counts()
      if counts.connects >= counts.connectsWanted { return }
      _ = try await round.closedLoop(callers: callers)
    }
    throw NotConnected()
  }

  struct NotConnected: Error {}

  /// `callers` at once, each with one write under way.
  func closedLoop(callers: Int) async throws -> Measurement {
    let endNs = UInt64(self.seconds * 1e9)
    let span = Span(self.subject)
    let watch = span.watch
    let latencies = try await withThrowingTaskGroup(of: [UInt64].self) { group in
      for _ in 0..<callers {
        group.addTask {
          var random = SplitMix(.random(in: .min ... .max))
          var latencies: [UInt64] = []
          while watch.nanoseconds() < endNs {
            let rows = self.workload.rows(self.counter.next(), &random)
            let began = watch.nanoseconds()
            try await self.save(rows)
            latencies.append(watch.nanoseconds() - began)
          }
          return latencies
        }
      }
      return try await group.reduce(into: []) { $0.append(contentsOf: $1) }
    }
    return Measurement(span, latenciesNs: latencies)
  }

  /// An open loop: writes arrive at a fixed rate, whether or not the earlier ones are done,
  /// and each one's latency counts from when it *should* have begun, so that a stall is felt by all
  /// who came meanwhile. One that the full queue refuses counts as if it had lasted the whole run.
  func openLoop(rate: Double) async throws -> Measurement {
    let span = Span(self.subject)
    let watch = span.watch
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
    return Measurement(span, latenciesNs: latencies)
  }
}
