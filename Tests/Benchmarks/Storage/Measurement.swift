import DomainModel
import Measuring
import Storage

/// What one run found.
struct Measurement {
  let latencies: Latencies
  /// What the store counted in it.
  let counts: Subject.Counts

  var json: String {
    let meanBatch = Double(self.counts.writes) / Double(max(self.counts.commits, 1))
    return """
      {"per_second": \(self.latencies.perSecond), "mean_batch": \(meanBatch), \
      "p50_ms": \(self.latencies.quantileMs(0.5)), "p99_ms": \(self.latencies.quantileMs(0.99)), \
      "cpu_us": \(self.latencies.cpuMicroseconds), "reruns": \(self.counts.reruns)}
      """
  }
}

/// One run against one store.
struct Run: Sendable {
  let subject: Subject
  let seconds: Double
  private let load: Load<[SQL]>

  /// How long callers write at a time until every connection has been made, in seconds.
  private static let connectingSeconds = 0.2
  /// How often.
  private static let connectingRoundsMax = 100

  init(_ subject: Subject, _ workload: Workload, seconds: Double) {
    self.subject = subject
    self.seconds = seconds
    // A write that the full queue refuses.
    self.load = Load(
      prepare: workload.rows,
      isRefusal: { ($0 as? ServiceError)?.code == .resourceExhausted },
      perform: { try await Self.save($0, in: subject.store) })
  }

  /// What the house adds to every change is not waited for: `Inbox`, `History` and `Outbox` do so
  /// as well.
  private static func isAdded(_ statement: SQL) -> Bool {
    ["INSERT INTO inbox", "INSERT INTO history", "INSERT INTO outbox"].contains {
      statement.text.hasPrefix($0)
    }
  }

  private static func save(_ statements: [SQL], in store: any Store) async throws {
    try await store.write { transaction in
      for statement in statements {
        if Self.isAdded(statement) {
          try transaction.execute(statement)
        } else {
          _ = try transaction.changedRows(statement)
        }
      }
    }
  }

  /// Writes until the store has all its connections: they are made when they are first needed.
  func connectAll(callers: Int) async throws {
    for _ in 0..<Self.connectingRoundsMax {
      let counts = self.subject.counts()
      if counts.connects >= counts.connectsWanted { return }
      _ = try await self.load.closedLoop(callers: callers, seconds: Self.connectingSeconds)
    }
    throw NotConnected()
  }

  struct NotConnected: Error {}

  /// `callers` at once, each with one write under way.
  func closedLoop(callers: Int) async throws -> Measurement {
    try await self.measured {
      try await self.load.closedLoop(callers: callers, seconds: self.seconds)
    }
  }

  /// So many writes a second, whether or not the earlier ones are done.
  func openLoop(rate: Double) async throws -> Measurement {
    try await self.measured {
      try await self.load.openLoop(rate: rate, seconds: self.seconds)
    }
  }

  private func measured(_ loop: () async throws -> Latencies) async throws -> Measurement {
    let before = self.subject.counts()
    let latencies = try await loop()
    return Measurement(latencies: latencies, counts: self.subject.counts().since(before))
  }
}
