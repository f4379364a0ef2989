import DomainModel
import ServiceCore
import Storage

/// Where a round over the permits whose full year is over has come to.
struct DueCursor: Hashable, Sendable {
  let validToOn: CivilDate
  let permit: ID<Permit>
}

/// The next permits of a round, and whom their texts go to, looked up before the transaction:
/// certificates are opened and read there, and a day on which a million permits fall due must not
/// keep calls waiting for the writer.
struct DueSuspensions: Sendable {
  fileprivate let after: DueCursor?
  fileprivate let settled: Timestamp
  fileprivate let recipients: [Told: PermitTexts.Recipient]
  /// Where those after them begin; nil after the last.
  let next: DueCursor?

  /// A permit as it was when its recipient was looked up.
  fileprivate struct Told: Hashable {
    let permit: ID<Permit>
    let version: Int

    init(_ permit: Permit) {
      self.permit = permit.id
      self.version = permit.version
    }
  }
}

extension RegistryStore {
  /// Looks at the next permits whose full year is over, at most `limit`.
  ///
  /// A permit whose endorsement is pending is looked at and passed over, round after round, until
  /// that is decided.
  func dueSuspensions(
    after cursor: DueCursor?, limit: Int, at now: Timestamp
  ) async throws -> DueSuspensions {
    let settled = now.adding(milliseconds: -SuspensionTimer.graceMs)
    return try await self.read { snapshot in
      let due = try self.permits.due(snapshot, on: CivilDate(of: settled), cursor, limit)
      let last = due.count == limit ? due.last : nil
      return DueSuspensions(
        after: cursor, settled: settled,
        recipients: try self.recipients(snapshot, of: due, settled: settled),
        next: last.map { DueCursor(validToOn: $0.term.validToOn, permit: $0.id) })
    }
  }

  /// Writes down the suspensions among permits that were looked at, each with its text; returns how
  /// many there were. Every permit is read again: it may have changed since.
  func note(
    _ seen: DueSuspensions, limit: Int, at now: Timestamp, random: any RandomSource
  ) async throws -> Int {
    try await self.tables.store.write { transaction in
      let day = CivilDate(of: seen.settled)
      var written = 0
      for permit in try self.permits.due(transaction, on: day, seen.after, limit) {
        for event in try self.machine.decide(permit, .noteSuspension, now: seen.settled) {
          let recipient =
            try seen.recipients[.init(permit)] ?? self.recipient(transaction, of: permit)
          try self.note(transaction, event, of: permit, to: recipient, at: now, random: random)
          written += 1
        }
      }
      return written
    }
  }

  private func recipients(
    _ snapshot: Snapshot, of due: [Permit], settled: Timestamp
  ) throws -> [DueSuspensions.Told: PermitTexts.Recipient] {
    var found: [DueSuspensions.Told: PermitTexts.Recipient] = [:]
    for permit in due
    where try !self.machine.decide(permit, .noteSuspension, now: settled).isEmpty {
      found[.init(permit)] = try self.recipient(snapshot, of: permit)
    }
    return found
  }

  /// A suspension is dated to the instant at which it began, whenever that is written down; but
  /// not before the line above it, so that a history is in the order of time.
  private func note(
    _ transaction: Transaction, _ event: PermitEvent, of permit: Permit,
    to recipient: PermitTexts.Recipient?, at now: Timestamp, random: any RandomSource
  ) throws {
    guard case .suspended(let from) = event else { return }
    let instant = try self.tables.history.dated(
      transaction, from.startOfDay, of: permit.id.text)
    let stamp = Stamp(.system, at: instant, random: random)
    let beside = PermitStep.Beside(detail: "from \(from.iso), written \(now.milliseconds)")
    let step = try self.step(from: permit, event, beside, telling: recipient, stamp)
    try self.permits.write(transaction, step, stamp, owed: now)
  }
}

extension PermitTable {
  /// Permits whose full year was over before a day and whose suspension is not written down, oldest
  /// first, after a cursor.
  fileprivate func due(
    _ snapshot: Snapshot, on day: CivilDate, _ cursor: DueCursor?, _ limit: Int
  ) throws -> [Permit] {
    let after: SQL =
      cursor.map { cursor in
        """
        AND (valid_to_on > \(cursor.validToOn.iso)
          OR (valid_to_on = \(cursor.validToOn.iso) AND permit_id > \(cursor.permit)))
        """
      } ?? ""
    return try snapshot.rows(
      """
      SELECT \(sql: PermitRow.columns) FROM permit
      WHERE cancelled_at IS NULL AND suspension_noted_from IS NULL AND valid_to_on < \(day.iso)
        \(sql: after)
      ORDER BY valid_to_on, permit_id LIMIT \(limit)
      """
    ).map(PermitRow.permit)
  }
}
