import DomainModel
import ServiceCore
import Storage

/// What a platform has of a credit entry.
struct CreditDelivery: Hashable, Sendable {
  let platform: String
  /// The newest version that it has taken; 0 while it has none.
  let versionTaken: Int64
  let takenAt: Timestamp?
}

/// Where a walk over the credit entries has come to.
struct CreditCursor: Hashable, Sendable {
  let eraseAt: Timestamp
  let id: String
}

/// A credit entry that says something, with the timer that erases it.
struct LiveCredit: Hashable, Sendable {
  let inspectionID: ID<Inspection>
  let timer: DueTimer
  /// When it is tried again; nil where it has not failed.
  let retryAt: Timestamp?

  var cursor: CreditCursor { CreditCursor(eraseAt: self.timer.at, id: self.inspectionID.text) }
}

/// A fraud that was found, and is not recorded.
struct UnrecordedFraud: Hashable, Sendable {
  let id: ID<Inspection>
  let caseID: ID<ApprovalCase>
}

extension InspectionTable {
  /// The record of a fraud beside its inspection, and what each platform has of it. One permit's
  /// fraud is recorded once: the index says so too.
  static let creditSchema =
    [
      "credit_state $TEXT", "credit_version $INT", "credit_number $TEXT", "credit_fine_yuan $INT",
      "credit_recorded_at $INT", "credit_changed_at $INT", "credit_erase_at $INT",
      "disputed_by $TEXT", "disputed_office $TEXT", "disputed_at $INT", "dispute_reason $BYTES",
    ].map { "ALTER TABLE inspection ADD COLUMN \($0);" } + [
      """
      CREATE UNIQUE INDEX inspection_credit_once ON inspection (certificate_identifier)
        WHERE credit_state IS NOT NULL;
      """,
      """
      CREATE INDEX inspection_credit_erase ON inspection (credit_erase_at, inspection_id)
        WHERE credit_erase_at IS NOT NULL;
      """,
      """
      CREATE INDEX inspection_unrecorded ON inspection (inspection_id)
        WHERE is_closed = 1 AND decision_number IS NOT NULL AND credit_state IS NULL;
      """,
      """
      CREATE TABLE credit_delivery (
        inspection_id $TEXT NOT NULL,
        platform $TEXT NOT NULL,
        version_owed $INT NOT NULL,
        version_taken $INT NOT NULL,
        taken_at $INT,
        PRIMARY KEY (inspection_id, platform)
      ) $TABLE;
      """,
    ]

  /// The record of a row; nil where there is none.
  func credit(_ row: Row, of id: ID<Inspection>) throws -> CreditEntry? {
    if try row.optionalText("credit_state") == nil { return nil }
    var entry = CreditEntry(
      state: try row.choice("credit_state"), version: try row.int64("credit_version"),
      recordedAt: try row.timestamp("credit_recorded_at"),
      changedAt: try row.timestamp("credit_changed_at"))
    if let number = try row.optionalText("credit_number") {
      entry.penalty = Self.penalty(number, fineYuan: try row.optionalInt("credit_fine_yuan"))
    }
    let reason = try self.disputeReason.openText(
      row.optionalBytes("dispute_reason"), row: id.text)
    if let reason, let signature = try Self.signature(row, "disputed") {
      entry.dispute = CreditDispute(reason: reason, signature: signature)
    }
    return entry
  }

  /// Writes the record of an inspection that was written before.
  func updateCredit(_ transaction: Transaction, _ inspection: Inspection) throws {
    guard let entry = inspection.credit else { return }
    let dispute = entry.dispute
    try transaction.update(
      """
      UPDATE inspection SET credit_state = \(entry.state), credit_version = \(entry.version),
        credit_number = \(entry.penalty?.decisionNumber),
        credit_fine_yuan = \(entry.penalty.flatMap(Self.fineYuan)),
        credit_recorded_at = \(entry.recordedAt), credit_changed_at = \(entry.changedAt), credit_erase_at = \(inspection.creditErasedAt),
        disputed_by = \(dispute?.signature.officerID),
        disputed_office = \(dispute?.signature.officeCode),
        disputed_at = \(dispute?.signature.at),
        dispute_reason =
          \(try self.disputeReason.seal(dispute?.reason, row: inspection.id.text))
      WHERE inspection_id = \(inspection.id) AND version = \(inspection.version)
      """)
  }

  /// Whether the fraud of a permit is recorded, or was.
  func hasCredit(_ snapshot: Snapshot, ofPermit identifier: String) throws -> Bool {
    try snapshot.row(
      """
      SELECT 1 FROM inspection
      WHERE certificate_identifier = \(identifier) AND credit_state IS NOT NULL
      """) != nil
  }

  /// What the platforms have of an entry, by name.
  func deliveries(
    _ snapshot: Snapshot, of id: ID<Inspection>
  ) throws -> [CreditDelivery] {
    try snapshot.rows(
      """
      SELECT platform, version_taken, taken_at FROM credit_delivery
      WHERE inspection_id = \(id) ORDER BY platform
      """
    ).map { row in
      CreditDelivery(
        platform: try row.text("platform"), versionTaken: try row.int64("version_taken"),
        takenAt: try row.optionalTimestamp("taken_at"))
    }
  }

  /// Owes a version of an entry to a platform, once.
  func owe(
    _ transaction: Transaction, _ message: OutboxMessage, _ version: Int64,
    of id: ID<Inspection>, to platform: String, from now: Timestamp
  ) throws {
    let count = try transaction.changedRows(
      """
      INSERT INTO credit_delivery (inspection_id, platform, version_owed, version_taken)
      VALUES (\(id), \(platform), \(version), 0)
      ON CONFLICT (inspection_id, platform) DO UPDATE SET version_owed = excluded.version_owed
        WHERE credit_delivery.version_owed < excluded.version_owed
      """)
    if count == 0 { return }
    try self.tables.outbox.enqueue(transaction, message, now: now)
  }

  /// Notes that a platform has taken a version of an entry.
  func take(
    _ transaction: Transaction, _ version: Int64, of id: ID<Inspection>, by platform: String,
    at now: Timestamp
  ) throws {
    try transaction.execute(
      """
      UPDATE credit_delivery SET version_taken = \(version), taken_at = \(now)
      WHERE inspection_id = \(id) AND platform = \(platform) AND version_taken < \(version)
      """)
  }

  /// Entries that say something and are to be erased until an instant, the next one first, after a
  /// cursor.
  func liveCredits(
    until instant: Timestamp, after cursor: CreditCursor?, limit: Int
  ) async throws -> [LiveCredit] {
    let (at, id) = (cursor?.eraseAt.milliseconds ?? Int64.min, cursor?.id ?? "")
    return try await self.tables.store.read { snapshot in
      try snapshot.rows(
        """
        SELECT inspection_id, inspection.case_id AS case_id, credit_erase_at, failures, retry_at
        FROM inspection LEFT JOIN parked_timer ON parked_timer.case_id = inspection.case_id
        WHERE credit_erase_at <= \(instant) AND (credit_erase_at, inspection_id) > (\(at), \(id))
        ORDER BY credit_erase_at, inspection_id LIMIT \(limit)
        """
      ).map { row in
        LiveCredit(
          inspectionID: try row.id("inspection_id"),
          timer: DueTimer(
            caseID: try row.id("case_id"), at: try row.timestamp("credit_erase_at"),
            failures: try row.optionalInt("failures") ?? 0),
          retryAt: try row.optionalTimestamp("retry_at"))
      }
    }
  }

  /// Inspections that are over with a finding of fraud, and have no record, after an id.
  func unrecorded(after id: String, limit: Int) async throws -> [UnrecordedFraud] {
    try await self.tables.store.read { snapshot in
      try snapshot.rows(
        """
        SELECT inspection_id, case_id FROM inspection
        WHERE is_closed = 1 AND decision_number IS NOT NULL AND credit_state IS NULL
          AND inspection_id > \(id)
        ORDER BY inspection_id LIMIT \(limit)
        """
      ).map { UnrecordedFraud(id: try $0.id("inspection_id"), caseID: try $0.id("case_id")) }
    }
  }
}
