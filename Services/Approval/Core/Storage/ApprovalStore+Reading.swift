import DomainModel
import ServiceCore
import Storage

extension ApprovalStore {
  /// One case with its papers. Throws `CASE_NOT_FOUND` where there is none, `OFFICER_WRONG_OFFICE`
  /// where the caller does not reach it.
  func find(_ key: CaseKey, within reach: OfficeReach) async throws -> CaseRecord {
    try await self.read { try self.find($0, key, within: reach) }
  }

  /// One case with its papers, and how it stood at an instant. Throws as `find` does.
  func find(
    _ key: CaseKey, asOf instant: Timestamp, within reach: OfficeReach
  ) async throws -> (CaseRecord, PastStanding) {
    try await self.read { snapshot in
      let record = try self.find(snapshot, key, within: reach)
      let id = record.file.id.text
      return (record, try self.tables.history.standing(snapshot, of: id, asOf: instant))
    }
  }

  /// The same inside a transaction that is under way. By its id, the case is not asked for its
  /// offices first: they come with it.
  func find(
    _ snapshot: Snapshot, _ key: CaseKey, within reach: OfficeReach
  ) throws -> CaseRecord {
    if case .caseID(let id) = key {
      let record = try self.record(snapshot, ID(id))
      let origin = record.file.origin
      if reach.includes(origin.officeCode, origin.bureauCode) { return record }
      throw ServiceError(.officerWrongOffice)
    }
    guard let id = try self.caseID(snapshot, key, within: reach) else {
      throw ServiceError(.caseNotFound)
    }
    return try self.record(snapshot, id)
  }

  /// Everything that happened to a case. Throws as `find` does.
  func history(
    of key: CaseKey, within reach: OfficeReach, limit: Int
  ) async throws -> [HistoryEntry] {
    try await self.read { snapshot in
      guard let id = try self.caseID(snapshot, key, within: reach) else {
        throw ServiceError(.caseNotFound)
      }
      return try self.tables.history.entries(snapshot, of: id.text, limit: limit)
    }
  }

  /// The case that a key names; nil where there is none. Throws `OFFICER_WRONG_OFFICE` where there
  /// is one that the caller does not reach: an officer may know that another office has it.
  func caseID(
    _ snapshot: Snapshot, _ key: CaseKey, within reach: OfficeReach
  ) throws -> ID<ApprovalCase>? {
    let named: SQL =
      switch key {
      case .caseID(let id): "case_id = \(id)"
      case .applicationID(let id): "application_id = \(id)"
      }
    let found = try snapshot.row(
      """
      SELECT case_id FROM approval_case WHERE \(sql: named)
        AND \(sql: reach.condition(on: "office_code", or: "bureau_code"))
      """)
    if let found { return try found.id("case_id") }
    try reach.refuseHidden(snapshot, "SELECT 1 FROM approval_case WHERE \(sql: named)")
    return nil
  }

  private func papers(_ row: Row, of id: ID<ApprovalCase>) throws -> CaseFile {
    CaseFile(
      form: try self.sealed.form.open(row.bytes("form"), row: id.text),
      materials: try self.sealed.materials.open(row.bytes("materials"), row: id.text),
      findings: try self.sealed.findings.open(row.bytes("findings"), row: id.text))
  }

  /// A case with its papers. Throws `CASE_NOT_FOUND` where there is none.
  func record(_ snapshot: Snapshot, _ id: ID<ApprovalCase>) throws -> CaseRecord {
    let parts = try CaseParts(snapshot, of: id)
    let row = parts.state
    var file = ApprovalCase(
      id: id, origin: try Self.origin(row), state: try row.choice("state"),
      version: try row.int64("version"), round: try row.int("round"), clocks: try Self.clocks(row))
    file.opinions = try self.opinions(parts.opinions, of: id)
    file.notices = try parts.notices.map(CaseNotice.init)
    file.effect = try Self.effect(row)
    file.effectsCount = try row.int("effects_count")
    file.withdrawnAt = try row.optionalTimestamp("withdrawn_at")
    file.closure = try Self.closure(row)
    file.workOffice = try row.text("work_office")
    file.desk = try Self.desk(row)
    file.desk.recused = Set(try parts.recused.map { try $0.text("officer_id") })
    let timerAt = try row.int64("timer_at")
    file.timerAt = timerAt == Self.neverDue ? nil : Timestamp(milliseconds: timerAt)
    if try row.int("clock_rows") > 0 { try self.readClocks(snapshot, of: &file) }
    file.issueRefusedReasons = try self.issueRefusal(row, of: id)
    return CaseRecord(
      file: file, papers: try self.papers(parts.papers, of: id),
      progress: try row.int64("progress"))
  }

  /// What intake sent of a case: what leads it follows from that.
  func origin(_ snapshot: Snapshot, of id: ID<ApprovalCase>) throws -> ApprovalCase.Origin {
    let row = try snapshot.row(
      """
      SELECT application_id, application_number, kind, channel, policy_version, office_code,
        bureau_code, submitted_at, failed_rules, about_certificate, about_registration
      FROM approval_case WHERE case_id = \(id)
      """)
    guard let row else { throw ServiceError(.caseNotFound) }
    return try Self.origin(row)
  }

  static func origin(_ row: Row) throws -> ApprovalCase.Origin {
    ApprovalCase.Origin(
      applicationID: try row.text("application_id"),
      applicationNumber: try row.text("application_number"), kind: try row.choice("kind"),
      channel: try row.choice("channel"), policyVersion: try row.text("policy_version"),
      officeCode: try row.text("office_code"), bureauCode: try row.text("bureau_code"),
      submittedAt: try row.timestamp("submitted_at"),
      failedRules: try row.text("failed_rules").split(separator: ",").map(String.init),
      subject: ApprovalCase.Subject(
        certificateIdentifier: try row.text("about_certificate"),
        registrationID: try row.text("about_registration")))
  }

  static func clocks(_ row: Row) throws -> RunningClocks {
    RunningClocks(
      acceptance: DueDate(
        date: try row.date("acceptance_on"), isProvisional: try row.bool("acceptance_provisional")),
      acceptedAt: try row.optionalTimestamp("accepted_at"),
      promise: try row.optionalDate("promise_on").map {
        DueDate(date: $0, isProvisional: try row.bool("promise_provisional"))
      },
      statute: try row.optionalDate("statute_on").map {
        DueDate(date: $0, isProvisional: try row.bool("statute_provisional"))
      },
      stage: try row.optionalDate("stage_on").map {
        DueDate(date: $0, isProvisional: try row.bool("stage_provisional"))
      })
  }

  private static func effect(_ row: Row) throws -> ApprovalCase.Effect? {
    guard let at = try row.optionalTimestamp("issued_at") else { return nil }
    return ApprovalCase.Effect(
      certificateIdentifier: try row.optionalText("certificate_identifier") ?? "",
      validTo: try row.optionalDate("valid_to_on"),
      registrationID: try row.text("registration_id"), at: at)
  }

  private static func closure(_ row: Row) throws -> Closure? {
    guard let closedAt = try row.optionalTimestamp("closed_at") else { return nil }
    return Closure(
      reason: try row.choice("closure_reason"), eventOn: try row.date("closure_event_on"),
      closedAt: closedAt)
  }

  private func issueRefusal(_ row: Row, of id: ID<ApprovalCase>) throws -> [CaseReason] {
    guard let sealed = try row.optionalBytes("issue_refused") else { return [] }
    return ReasonLines.read(try self.sealed.issueRefused.openText(sealed, row: id.text)).reasons
  }

  private func opinions(_ rows: [Row], of id: ID<ApprovalCase>) throws -> [Opinion] {
    try rows.map { row in
      let (round, stage) = (try row.int("round"), try row.choice("stage", as: Stage.self))
      let body = ReasonLines.read(
        try self.sealed.opinion.openText(row.bytes("body"), row: Self.row(id, round, stage)))
      return Opinion(
        stage: stage, round: round, officerID: try row.text("officer_id"),
        officeCode: try row.text("office_code"), decision: try row.choice("decision"),
        reasons: body.reasons, text: body.text, signedAt: try row.timestamp("signed_at"))
    }.sorted { ($0.round, $0.stage.order) < ($1.round, $1.stage.order) }
  }
}

extension CaseNotice {
  fileprivate init(_ row: Row) throws {
    self.init(
      round: try row.int("round"), stage: try row.choice("stage"),
      notifiedAt: try row.timestamp("notified_at"),
      supplementedAt: try row.optionalTimestamp("supplemented_at"),
      lapsedAt: try row.optionalTimestamp("lapsed_at"))
  }
}
