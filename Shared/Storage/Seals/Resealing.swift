public import DomainModel
public import Logging
internal import Metrics

/// Seals again, under the key that seals now, what earlier data keys have sealed, so that they can
/// be taken away: the background half of a data key's rotation.
///
/// It goes through the sealed columns page by page, in small transactions, and rests nine times as
/// long as each took: a store that is busy slows it down. What it has done stays done; after a
/// restart it looks again and seals what is left. While no earlier key has sealed anything it reads
/// one small table a minute.
public struct Resealing: Sendable {
  /// How many rows one read looks at.
  public static let pageRows = 500
  /// How many values one transaction seals again at most: of 64 KiB each, a millisecond's work.
  public static let stepMax = 20
  /// How many times as long as a step it rests after it.
  public static let restFactor: Int64 = 9
  /// The shortest and the longest rest after a step, in milliseconds.
  public static let restMs: ClosedRange<Int64> = 5...2_000
  /// How long it rests between two rounds, in milliseconds.
  public static let pauseMs: Int64 = 60_000

  /// What one round did.
  public struct Round: Hashable, Sendable {
    /// How many values were found under earlier keys.
    public var found = 0
    /// How many of them are sealed under the present key now.
    public var sealed = 0
    /// Earlier keys by which nothing is sealed any more.
    public var spent: [String] = []
  }

  private let store: any Store
  private let tables: [SealedTable]
  private let sealer: any KeyedSealer
  private let time: any TimeSource
  private let logger: Logger

  /// The sealed columns of one service.
  public init(
    _ store: any Store, _ tables: [SealedTable], sealer: any KeyedSealer, time: any TimeSource,
    logger: Logger
  ) {
    self.store = store
    self.tables = tables
    self.sealer = sealer
    self.time = time
    self.logger = logger
  }

  /// Runs until the task is cancelled; throws `CancellationError`. A store that is out of order is
  /// met again in the next round. Sets the gauge `anju_seal_values_left`.
  public func run() async throws {
    let left = Gauge(label: "anju_seal_values_left")
    left.record(0)
    while true {
      do {
        let round = try await self.runOnce { left.record($0) }
        if !round.spent.isEmpty {
          self.logger.notice(
            "nothing is sealed by earlier data keys any more: their lines may go from the key file",
            metadata: ["keys": "\(round.spent.joined(separator: ", "))"])
        } else if round.found > 0 {
          self.logger.notice(
            "values of earlier data keys were sealed again",
            metadata: ["sealed": "\(round.sealed)", "left": "\(round.found - round.sealed)"])
        }
      } catch let error where !(error is CancellationError) {
        self.logger.warning("values of earlier data keys were not sealed again: \(error)")
      }
      try await self.time.sleep(milliseconds: Self.pauseMs)
    }
  }

  /// One round: counts what earlier keys have sealed and seals it again; where there is nothing, it
  /// forgets those keys. `left` hears how many values are left, before the first and after each
  /// step.
  @discardableResult
  public func runOnce(_ left: (Int) -> Void = { _ in }) async throws -> Round {
    var round = Round()
    let earlier = try await self.earlierKeys()
    if earlier.isEmpty { return round }
    for table in self.tables { try await self.walk(table) { round.found += $0.count } }
    left(round.found)
    if round.found == 0 {
      round.spent = try await self.forget(earlier)
      return round
    }
    for table in self.tables {
      try await self.walk(table) { entries in
        for start in stride(from: 0, to: entries.count, by: Self.stepMax) {
          round.sealed += try await self.seal(
            Array(entries[start...].prefix(Self.stepMax)), of: table)
          left(max(0, round.found - round.sealed))
        }
      }
    }
    return round
  }

  /// The keys below the first that are noted as having sealed something.
  private func earlierKeys() async throws -> [String] {
    let sealer = self.sealer
    let noted = try await self.store.write { transaction in
      // A replica that had not read the new key yet may have taken it for spent.
      try SealCheck.note(transaction, sealer)
      return try transaction.rows("SELECT key_id FROM seal_check").map { try $0.text("key_id") }
    }
    return sealer.keyIDs.dropFirst().filter(noted.contains)
  }

  private func forget(_ keys: [String]) async throws -> [String] {
    try await self.store.write {
      try $0.execute("DELETE FROM seal_check WHERE key_id IN \(values: keys)")
    }
    return keys
  }

  /// Hands on, page by page, the rows whose values earlier keys have sealed.
  private func walk(
    _ table: SealedTable, _ body: ([SealedTable.Entry]) async throws -> Void
  ) async throws {
    let headBytes = type(of: self.sealer).headBytesMax
    var last: [SQLValue]?
    repeat {
      let after = last
      let page = try await self.timed {
        try await self.store.read {
          try table.page($0, after: after, limit: Self.pageRows, headBytes: headBytes)
        }
      }
      let earlier = Set(self.sealer.keyIDs.dropFirst())
      let found = page.entries.filter { entry in
        self.sealer.keyID(of: entry.head).map(earlier.contains) ?? false
      }
      if !found.isEmpty { try await body(found) }
      last = page.last
    } while last != nil
  }

  /// Seals values again in one transaction; returns how many. One that does not open is told and
  /// left as it is.
  private func seal(_ entries: [SealedTable.Entry], of table: SealedTable) async throws -> Int {
    let column = SealedColumn(self.sealer, table: table.table, column: table.column)
    let (done, broken) = try await self.timed {
      try await self.store.write { transaction in
        var (done, broken) = (0, [String]())
        for entry in entries {
          guard let value = try table.value(transaction, at: entry.key) else { continue }
          guard let plain = try? column.open(value, row: entry.name) else {
            broken.append(entry.name)
            continue
          }
          try table.replace(transaction, column.seal(plain, row: entry.name), at: entry.key)
          done += 1
        }
        return (done, broken)
      }
    }
    for row in broken {
      self.logger.error(
        "a sealed value does not open",
        metadata: ["table": "\(table.table)", "column": "\(table.column)", "row": "\(row)"])
    }
    return done
  }

  /// Does one step and rests after it.
  private func timed<Value>(_ step: () async throws -> Value) async throws -> Value {
    let began = self.time.now()
    let value = try await step()
    let took = self.time.now().milliseconds - began.milliseconds
    let rest = min(max(took * Self.restFactor, Self.restMs.lowerBound), Self.restMs.upperBound)
    try await self.time.sleep(milliseconds: rest)
    return value
  }
}
