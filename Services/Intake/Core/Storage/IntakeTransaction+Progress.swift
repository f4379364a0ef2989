import DomainModel
import Storage

/// What each step of the case stores.
extension IntakeTransaction {
  /// Stores the application after a step of its case.
  func save(_ next: Application, after progress: Progress, by event: HistoryEntry) throws {
    switch progress {
    case .accepted(let acceptance):
      try self.save(next, Self.columns(of: acceptance), by: event)
    case .supplementNeeded(let notice):
      try self.save(next, by: event)
      try self.insert(notice, of: next.id)
    case .notAccepted(let refusal), .refused(let refusal):
      try self.save(next, Self.columns(of: refusal), by: event)
      try self.insert(refusal.reasons, sequence: next.progressSequence, of: next.id)
    case .completed(let completion):
      try self.save(next, Self.columns(of: completion), by: event)
    }
  }

  private static func columns(of acceptance: Acceptance) -> SQL {
    """
    , accepted_at = \(acceptance.acceptedAt),
    promise_due_on = \(acceptance.promiseDue?.date.iso),
    promise_due_provisional = \(acceptance.promiseDue?.isProvisional),
    statute_due_on = \(acceptance.statuteDue?.date.iso),
    statute_due_provisional = \(acceptance.statuteDue?.isProvisional)
    """
  }

  private static func columns(of refusal: Refusal) -> SQL {
    """
    , refused_at = \(refusal.decidedAt),
    reconsideration_authority = \(refusal.reconsiderationAuthority), court = \(refusal.court)
    """
  }

  private static func columns(of completion: Completion) -> SQL {
    """
    , completed_at = \(completion.completedAt),
    certificate_identifier = \(completion.certificateIdentifier),
    valid_to_on = \(completion.validTo.iso)
    """
  }

  private func insert(_ notice: SupplementNotice, of id: ID<Application>) throws {
    try self.transaction.execute(
      """
      INSERT INTO application_notice (application_id, sequence, round, notified_at)
      VALUES (\(id), \(notice.sequence), \(Int(notice.round)), \(notice.notifiedAt))
      """)
    try self.insert(notice.reasons, sequence: notice.sequence, of: id)
  }

  private func insert(_ reasons: [Reason], sequence: Int64, of id: ID<Application>) throws {
    for (position, reason) in reasons.enumerated() {
      let row = IntakeTables.reasonRow(id, sequence: sequence, position: position)
      let text = try self.tables.reasonText.seal(reason.text, row: row)
      try self.transaction.execute(
        """
        INSERT INTO application_reason (application_id, sequence, position, code, text)
        VALUES (\(id), \(sequence), \(position), \(reason.code), \(text))
        """)
    }
  }
}
