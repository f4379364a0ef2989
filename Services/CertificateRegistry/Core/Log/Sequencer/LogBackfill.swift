import DomainModel
import Logging
import ServiceCore
import Storage

/// Enters into the log what earlier releases wrote before there was one: a walk through the whole
/// history at the start, in bounded steps, which finds nothing once it has been done.
struct LogBackfill: Sendable {
  /// How many lines of the history one step looks at.
  static let stepMax = 200
  /// How long it rests between two steps, in milliseconds, so that calls come between.
  static let stepPauseMs: Int64 = 20
  /// How long it rests after a walk, in milliseconds: one day. During a rollout a replica of an
  /// earlier release may still write lines without entries.
  static let pauseMs: Int64 = 86_400_000

  let store: RegistryStore
  let parts: CoreParts

  /// Runs until the task is cancelled; throws `CancellationError`. A store that is out of order is
  /// met again in the next walk.
  func run() async throws {
    while true {
      var pauseMs = Self.pauseMs
      do {
        let entered = try await self.runOnce()
        if entered > 0 {
          self.parts.logger.notice(
            "log: changes of earlier releases were entered", metadata: ["count": "\(entered)"])
        }
      } catch let error where !(error is CancellationError) {
        self.parts.logger.warning("log: changes of earlier releases were not entered: \(error)")
        pauseMs = 1_000
      }
      try await self.parts.time.sleep(milliseconds: pauseMs)
    }
  }

  /// One walk through the history; returns how many lines were entered.
  func runOnce() async throws -> Int {
    var entered = 0
    var cursor = Line(entity: "", sequence: 0)
    while true {
      let after = cursor
      let lines = try await self.store.read { try Self.lines($0, after: after) }
      guard let last = lines.last else { return entered }
      let entities = Set(lines.filter { !$0.isEntered }.map(\.entity)).sorted()
      if !entities.isEmpty { entered += try await self.enter(entities) }
      cursor = last
      if lines.count < Self.stepMax { return entered }
      try await self.parts.time.sleep(milliseconds: Self.stepPauseMs)
    }
  }

  private struct Line {
    var entity: String
    var sequence: Int
    var isEntered = true
  }

  private static func lines(_ snapshot: Snapshot, after line: Line) throws -> [Line] {
    try snapshot.rows(
      """
      SELECT entity, sequence, EXISTS (
        SELECT 1 FROM log_entry
        WHERE log_entry.entity = history.entity AND log_entry.sequence = history.sequence
      ) AS is_entered
      FROM history WHERE (entity, sequence) > (\(line.entity), \(line.sequence))
      ORDER BY entity, sequence LIMIT \(Self.stepMax)
      """
    ).map { row in
      Line(
        entity: try row.text("entity"), sequence: try row.int("sequence"),
        isEntered: try row.bool("is_entered"))
    }
  }

  private func enter(_ entities: [String]) async throws -> Int {
    let stamp = Stamp(.system, at: self.parts.time.now(), random: self.parts.random)
    return try await self.store.tables.store.write { transaction in
      try entities.reduce(0) { count, entity in
        count + (try self.store.enterEarlier(transaction, of: entity, stamp))
      }
    }
  }
}

extension RegistryStore {
  /// Enters what the log does not know yet of a permit's or a registration's history, of whatever
  /// else has a history nothing; returns how many lines.
  func enterEarlier(
    _ transaction: Transaction, of entity: String, _ stamp: Stamp
  ) throws -> Int {
    if let permit = try self.permits.find(transaction, ID(entity)) {
      return try self.permits.enterEarlier(transaction, of: permit, before: .max, stamp)
    }
    guard let registration = try self.registrations.find(transaction, ID(entity)) else { return 0 }
    return try self.registrations.enterEarlier(
      transaction, of: registration, before: .max, stamp)
  }
}
