import DomainModel
import ServiceCore
import Storage

/// Where a round over the permits whose full year is over has come to.
struct DueCursor: Hashable, Sendable {
  let validToOn: CivilDate
  let permit: ID<Permit>
}

extension RegistryStore {
  /// Writes down the suspensions among the next permits whose full year is over, at most `limit`,
  /// each with its text. Returns how many there were, and where the next ones begin; nil after the
  /// last.
  ///
  /// A permit whose endorsement is pending is looked at and passed over, round after round, until
  /// that is decided.
  func noteSuspensions(
    after cursor: DueCursor?, limit: Int, at now: Timestamp, random: any RandomSource
  ) async throws -> (written: Int, next: DueCursor?) {
    let settled = now.adding(milliseconds: -SuspensionTimer.graceMs)
    let day = CivilDate(of: settled)
    let told = try await self.read { snapshot in
      let due = try self.permits.due(snapshot, on: day, cursor, limit)
      return try self.recipients(snapshot, of: due, settled: settled)
    }
    return try await self.tables.store.write { transaction in
      let due = try self.permits.due(transaction, on: day, cursor, limit)
      var written = 0
      for permit in due {
        for event in try self.machine.decide(permit, .noteSuspension, now: settled) {
          let recipient =
            try told[Told(permit)] ?? self.recipient(transaction, of: permit)
          try self.note(transaction, event, of: permit, to: recipient, at: now, random: random)
          written += 1
        }
      }
      guard due.count == limit, let last = due.last else { return (written, nil) }
      return (written, DueCursor(validToOn: last.term.validToOn, permit: last.id))
    }
  }

  /// A permit as it was when its recipient was looked up.
  private struct Told: Hashable {
    let permit: ID<Permit>
    let version: Int

    init(_ permit: Permit) {
      self.permit = permit.id
      self.version = permit.version
    }
  }

  /// Whom the texts of those that are suspended go to, looked up before the transaction:
  /// certificates are opened and read there, and a day on which a million permits fall due must not
  /// keep calls waiting for the writer.
  private func recipients(
    _ snapshot: Snapshot, of due: [Permit], settled: Timestamp
  ) throws -> [Told: PermitTexts.Recipient] {
    var found: [Told: PermitTexts.Recipient] = [:]
    for permit in due
    where try !self.machine.decide(permit, .noteSuspension, now: settled).isEmpty {
      found[Told(permit)] = try self.recipient(snapshot, of: permit)
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
