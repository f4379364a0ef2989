import DomainModel
import ServiceCore
import Storage

extension ApprovalStore {
  /// `due_at` of a case whose clocks stand still: after every due time there is.
  static let neverDue = Int64.max

  /// Writes what a step changed. Throws `OFFICER_ALREADY_IN_CASE` where the database knows the
  /// officer in another role.
  func save(
    _ transaction: Transaction, _ step: Step<CaseRecord, CaseChange>, _ stamp: Stamp
  ) throws {
    let record = step.after
    guard let before = step.before else {
      try self.insert(transaction, record)
      try self.insert(transaction, record.papers, of: record.file.id)
      try self.noteWork(transaction, record.file, leaving: "", stamp.now)
      try self.count(transaction, .received(record.file), of: record.file)
      return
    }
    try self.update(transaction, record, from: before.file.version)
    if record.papers.materials != before.papers.materials {
      try self.update(transaction, materials: record.papers.materials, of: record.file.id)
    }
    switch step.event {
    case .opened: break
    case .happened(let event):
      try self.save(transaction, event, of: record.file)
      if let count = CaseCount(event, in: record.file, now: stamp.now) {
        try self.count(transaction, count, of: record.file)
      }
      try self.saveClocks(transaction, event, of: record.file)
    case .restored(let standing):
      try self.replaceNotices(transaction, by: standing.notices, of: record.file.id)
      try self.dropOpenPauses(transaction, of: record.file.id)
    }
    try self.noteWork(transaction, record.file, leaving: before.file.workOffice, stamp.now)
  }

  private func insert(_ transaction: Transaction, _ record: CaseRecord) throws {
    let file = record.file
    let origin = file.origin
    let clocks = file.clocks
    try transaction.execute(
      """
      INSERT INTO approval_case (case_id, application_id, application_number, kind, channel,
        policy_version, office_code, bureau_code, submitted_at, failed_rules, state, version, round,
        progress, acceptance_on, acceptance_provisional, promise_on, promise_provisional,
        statute_on, statute_provisional, stage_on, stage_provisional, is_closed, work_office,
        work_stage, due_at, timer_at, about_certificate, about_registration)
      VALUES (\(file.id), \(origin.applicationID), \(origin.applicationNumber), \(origin.kind),
        \(origin.channel), \(origin.policyVersion), \(origin.officeCode), \(origin.bureauCode),
        \(origin.submittedAt), \(origin.failedRules.joined(separator: ",")), \(file.state),
        \(file.version), \(file.round), \(record.progress), \(clocks.acceptance.date.iso),
        \(clocks.acceptance.isProvisional), \(clocks.promise?.date.iso),
        \(clocks.promise?.isProvisional ?? false), \(clocks.statute?.date.iso),
        \(clocks.statute?.isProvisional ?? false), \(clocks.stage?.date.iso),
        \(clocks.stage?.isProvisional ?? false), \(file.state.isClosed), \(file.workOffice),
        \(Self.workStage(of: file)), \(Self.dueAt(of: file)), \(Self.timerAt(of: file)),
        \(origin.subject.certificateIdentifier), \(origin.subject.registrationID))
      """)
  }

  private func insert(
    _ transaction: Transaction, _ papers: CaseFile, of id: ID<ApprovalCase>
  ) throws {
    try transaction.execute(
      """
      INSERT INTO case_file (case_id, form, materials, findings)
      VALUES (\(id), \(try self.sealed.form.seal(papers.form, row: id.text)),
        \(try self.sealed.materials.seal(papers.materials, row: id.text)),
        \(try self.sealed.findings.seal(papers.findings, row: id.text)))
      """)
  }

  private func update(
    _ transaction: Transaction, materials: [UInt8], of id: ID<ApprovalCase>
  ) throws {
    let sealed = try self.sealed.materials.seal(materials, row: id.text)
    try transaction.execute("UPDATE case_file SET materials = \(sealed) WHERE case_id = \(id)")
  }

  /// What an event brought beside the case's own row.
  private func save(
    _ transaction: Transaction, _ event: CaseEvent, of file: ApprovalCase
  ) throws {
    if let opinion = event.opinion { try self.insert(transaction, opinion, of: file.id) }
    if case .supplementNeeded = event, let notice = file.awaitedNotice {
      try transaction.execute(
        """
        INSERT INTO case_notice (case_id, round, stage, notified_at)
        VALUES (\(file.id), \(notice.round), \(notice.stage), \(notice.notifiedAt))
        """)
    }
    if case .supplemented(let round, let at, _) = event {
      try transaction.execute(
        """
        UPDATE case_notice SET supplemented_at = \(at)
        WHERE case_id = \(file.id) AND round = \(round)
        """)
    }
  }

  private func update(
    _ transaction: Transaction, _ record: CaseRecord, from version: Int64
  ) throws {
    let file = record.file
    let (clocks, effect) = (file.clocks, file.effect)
    let certificate = effect?.certificateIdentifier ?? ""
    try transaction.update(
      """
      UPDATE approval_case SET state = \(file.state), version = \(file.version),
        round = \(file.round), progress = \(record.progress),
        acceptance_on = \(clocks.acceptance.date.iso),
        acceptance_provisional = \(clocks.acceptance.isProvisional),
        accepted_at = \(clocks.acceptedAt), promise_on = \(clocks.promise?.date.iso),
        promise_provisional = \(clocks.promise?.isProvisional ?? false),
        statute_on = \(clocks.statute?.date.iso),
        statute_provisional = \(clocks.statute?.isProvisional ?? false),
        stage_on = \(clocks.stage?.date.iso),
        stage_provisional = \(clocks.stage?.isProvisional ?? false),
        certificate_identifier = \(certificate.isEmpty ? nil : certificate),
        valid_to_on = \(effect?.validTo?.iso), issued_at = \(effect?.at),
        registration_id = \(effect?.registrationID ?? ""),
        effects_count = \(file.effectsCount), withdrawn_at = \(file.withdrawnAt),
        closure_reason = \(file.closure?.reason), closure_event_on = \(file.closure?.eventOn.iso),
        closed_at = \(file.closure?.closedAt),
        issue_refused = \(try self.sealedIssueRefusal(of: file)),
        is_closed = \(file.state.isClosed), work_office = \(file.workOffice),
        office_code = \(file.origin.officeCode), bureau_code = \(file.origin.bureauCode),
        work_stage = \(Self.workStage(of: file)), due_at = \(Self.dueAt(of: file)),
        timer_at = \(Self.timerAt(of: file)), clock_rows = \(file.clockRowsCount),
        work_changes = work_changes + 1, \(sql: Self.columns(of: file.desk))
      WHERE case_id = \(file.id) AND version = \(version)
      """)
    // Nothing is tried of it any more, so nobody would take back that its timer is parked.
    if file.state.isClosed { try self.forgetFailure(transaction, of: file.id) }
  }

  private func sealedIssueRefusal(of file: ApprovalCase) throws -> [UInt8]? {
    if file.issueRefusedReasons.isEmpty { return nil }
    let lines = ReasonLines.written(text: "", reasons: file.issueRefusedReasons)
    return try self.sealed.issueRefused.seal(Array(lines.utf8), row: file.id.text)
  }

  func insert(_ transaction: Transaction, _ opinion: Opinion, of id: ID<ApprovalCase>) throws {
    try self.enter(transaction, opinion.officerID, as: opinion.stage.role, into: id)
    let lines = ReasonLines.written(text: opinion.text, reasons: opinion.reasons)
    let body = try self.sealed.opinion.seal(lines, row: Self.row(id, opinion.round, opinion.stage))
    try transaction.execute(
      """
      INSERT INTO opinion (case_id, round, stage, officer_id, office_code, decision, signed_at,
        body)
      VALUES (\(id), \(opinion.round), \(opinion.stage), \(opinion.officerID),
        \(opinion.officeCode), \(opinion.decision), \(opinion.signedAt), \(body))
      """)
  }

  /// One officer has one role in a case, for as many rounds as it takes; the primary key of
  /// `case_officer` says so, whatever the state machine thinks.
  private func enter(
    _ transaction: Transaction, _ officerID: String, as role: String, into id: ID<ApprovalCase>
  ) throws {
    try transaction.execute(
      """
      INSERT INTO case_officer (case_id, officer_id, role)
      VALUES (\(id), \(officerID), \(role)) ON CONFLICT DO NOTHING
      """)
    let known = try transaction.row(
      """
      SELECT role FROM case_officer WHERE case_id = \(id) AND officer_id = \(officerID)
      """)?.text("role")
    if known != role { throw ServiceError(.officerAlreadyInCase) }
  }

  /// Keeps an officer out of a case for good: nobody has two roles in one, so this one keeps him
  /// from every other.
  func recuse(_ transaction: Transaction, _ officerID: String, of id: ID<ApprovalCase>) throws {
    try self.enter(transaction, officerID, as: Self.recusedRole, into: id)
  }

  static func row(_ id: ID<ApprovalCase>, _ round: Int, _ stage: Stage) -> String {
    "\(id.text)/\(round)/\(stage.rawValue)"
  }
}

// Whose work a case is, as the work list's indexes need it.
extension ApprovalStore {
  private static func workStage(of file: ApprovalCase) -> String {
    file.workStage?.rawValue ?? ""
  }

  private static func dueAt(of file: ApprovalCase) -> Int64 {
    file.workDueAt?.milliseconds ?? Self.neverDue
  }

  static func timerAt(of file: ApprovalCase) -> Int64 {
    file.timerAt?.milliseconds ?? Self.neverDue
  }
}
