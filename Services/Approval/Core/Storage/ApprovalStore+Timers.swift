import DomainModel
import ServiceCore
import Storage

/// A case whose timer is due.
struct DueTimer: Hashable, Sendable {
  let caseID: ID<ApprovalCase>
  let at: Timestamp
  /// How often it has failed.
  let failures: Int

  var cursor: TimerCursor { TimerCursor(at: self.at, caseID: self.caseID) }
}

/// Where a round over the due timers has come to.
struct TimerCursor: Hashable, Sendable {
  let at: Timestamp
  let caseID: ID<ApprovalCase>
}

extension ApprovalStore {
  /// Cases whose timers are due at an instant, oldest first, after a cursor. One that failed waits
  /// until it is to be tried again.
  func dueTimers(
    at now: Timestamp, after cursor: TimerCursor?, limit: Int
  ) async throws -> [DueTimer] {
    let after = cursor?.at.milliseconds ?? Int64.min
    let caseID = cursor?.caseID.text ?? ""
    return try await self.read { snapshot in
      try snapshot.rows(
        """
        SELECT approval_case.case_id AS case_id, timer_at, failures
        FROM approval_case LEFT JOIN parked_timer ON parked_timer.case_id = approval_case.case_id
        WHERE is_closed = 0 AND timer_at <= \(now)
          AND (timer_at, approval_case.case_id) > (\(after), \(caseID))
          AND (retry_at IS NULL OR retry_at <= \(now))
        ORDER BY timer_at, approval_case.case_id LIMIT \(limit)
        """
      ).map { row in
        DueTimer(
          caseID: try row.id("case_id"), at: try row.timestamp("timer_at"),
          failures: try row.optionalInt("failures") ?? 0)
      }
    }
  }

  /// Writes when the next timer of a case is due, where nothing was due now.
  func setTimer(_ transaction: Transaction, of file: ApprovalCase) throws {
    try transaction.update(
      """
      UPDATE approval_case SET timer_at = \(Self.timerAt(of: file))
      WHERE case_id = \(file.id) AND version = \(file.version)
      """)
  }

  /// Keeps that a case's timer has failed, and when it is tried again.
  func noteFailure(
    of timer: DueTimer, because reason: String, retryAt: Timestamp
  ) async throws {
    try await self.tables.store.write { transaction in
      try transaction.execute(
        """
        INSERT INTO parked_timer (case_id, due_at, failures, reason, retry_at)
        VALUES (\(timer.caseID), \(timer.at), \(timer.failures + 1), \(reason), \(retryAt))
        ON CONFLICT (case_id) DO UPDATE SET due_at = excluded.due_at, failures = excluded.failures,
          reason = excluded.reason, retry_at = excluded.retry_at
        """)
    }
  }

  /// Forgets that a case's timer has failed.
  func forgetFailure(_ transaction: Transaction, of id: ID<ApprovalCase>) throws {
    try transaction.execute("DELETE FROM parked_timer WHERE case_id = \(id)")
  }

  /// How many cases' timers have failed so often that they wait for a person.
  func parkedTimersCount() async throws -> Int {
    try await self.read { snapshot in
      try snapshot.row(
        """
        SELECT COUNT(*) AS parked FROM parked_timer WHERE failures >= \(CaseTimers.failuresMax)
        """)?.int("parked") ?? 0
    }
  }

  /// Those cases, by ascending id.
  func parkedTimers(after id: String, limit: Int) async throws -> [ParkedTimer] {
    try await self.read { snapshot in
      try snapshot.rows(
        """
        SELECT case_id, due_at, failures, reason, retry_at FROM parked_timer
        WHERE case_id > \(id) AND failures >= \(CaseTimers.failuresMax)
        ORDER BY case_id LIMIT \(limit)
        """
      ).map { row in
        ParkedTimer(
          caseID: try row.text("case_id"), dueAt: try row.timestamp("due_at"),
          failures: try row.int("failures"), reason: try row.text("reason"),
          retryAt: try row.timestamp("retry_at"))
      }
    }
  }
}

extension ApprovalStore {
  /// Open cases that belong to one of these offices, by ascending id.
  func openCases(
    ofOffices codes: [String], after id: String, limit: Int
  ) async throws -> [ID<ApprovalCase>] {
    try await self.read { snapshot in
      // Three index walks instead of an OR, which would read every open case.
      let found = try ["office_code", "bureau_code", "work_office"].flatMap { column in
        try snapshot.rows(
          """
          SELECT case_id FROM approval_case
          WHERE is_closed = 0 AND \(sql: SQL(stringLiteral: column)) IN \(values: codes)
            AND case_id > \(id)
          ORDER BY case_id LIMIT \(limit)
          """
        ).map { try $0.text("case_id") }
      }
      return Set(found).sorted().prefix(limit).map { ID($0) }
    }
  }
}

/// A case whose timer failed again and again.
struct ParkedTimer: Hashable, Sendable {
  var caseID: String
  var dueAt: Timestamp
  var failures: Int
  var reason: String
  var retryAt: Timestamp
}
