import DomainModel
import Storage

/// How rows become an application.
extension IntakeStore {
  static let columns: SQL = """
    application_id, owner, kind, channel, policy_version, created_at, version, state, changed_at, \
    updated_at, progress_sequence, notice_version, assented_at, form, application_number, submitted_at, \
    office_code, office_name, bureau_code, acceptance_due_on, acceptance_due_provisional, \
    accepted_at, promise_due_on, promise_due_provisional, statute_due_on, \
    statute_due_provisional, refused_at, reconsideration_authority, court, completed_at, \
    certificate_identifier, valid_to_on, entered_at_office, entered_by_officer, \
    entered_by_office, about_certificate, about_registration, completed_registration, \
    withdrawal_requested_at, withdrawn_at, closing_reason, closing_event_on, closing_recorded_at, \
    closed_at
    """

  func application(_ row: Row, _ parts: ApplicationParts) throws -> Application {
    var application = Application(
      id: try row.id("application_id"), owner: try row.text("owner"),
      kind: try row.choice("kind"), channel: try row.channel(),
      under: try row.text("policy_version"), at: try row.timestamp("created_at"))
    application.version = try row.int64("version")
    application.state = try row.choice("state")
    application.changedAt = try row.timestamp("changed_at")
    application.updatedAt = try row.timestamp("updated_at")
    application.progressSequence = try row.int64("progress_sequence")
    application.enteredAt = try row.optionalText("entered_at_office")
    application.commitment = try row.commitment()
    application.form = try self.form(row, of: application.id)
    application.materials = try parts.materials.map(Material.init)
    if application.state == .draft { return application }
    let reasons = try self.reasons(parts.reasons, of: application.id)
    application.submission = try self.submission(row, parts.findings, of: application.id)
    application.acceptance = try row.acceptance()
    application.notices = try parts.notices.map { try SupplementNotice($0, reasons) }
    // A refusal is final, so its reasons came with the last step.
    application.refusal = try row.refusal(reasons[application.progressSequence] ?? [])
    application.completion = try row.completion()
    application.withdrawal = try row.withdrawal()
    application.closing = try row.closing()
    application.opinions = try parts.opinions.map(SignedOpinion.init)
    return application
  }

  private func form(_ row: Row, of id: ID<Application>) throws -> FormDocument? {
    guard let sealed = try row.optionalBytes("form") else { return nil }
    let bytes = try self.sealed.form.open(sealed, row: id.text)
    return FormDocument(bytes: bytes, input: try self.formats.readForm(bytes))
  }

  private func submission(
    _ row: Row, _ findings: [Row], of id: ID<Application>
  ) throws -> Submission? {
    guard let number = try row.optionalText("application_number") else { return nil }
    return Submission(
      number: number, submittedAt: try row.timestamp("submitted_at"),
      officeCode: try row.text("office_code"), officeName: try row.text("office_name"),
      bureauCode: try row.text("bureau_code"), acceptanceDue: try row.due("acceptance_due"),
      findings: try self.findings(findings, of: id),
      about: ApplicationSubject(
        certificateIdentifier: try row.optionalText("about_certificate"),
        registrationID: try row.optionalText("about_registration")),
      enteredBy: try row.counterOfficer())
  }

  /// In the order of the catalogue.
  private func findings(_ rows: [Row], of id: ID<Application>) throws -> [Finding] {
    let stored = try rows.map { try self.finding($0, of: id) }
    return EligibilityRule.allCases.compactMap { rule in stored.first { $0.rule == rule } }
  }

  private func finding(_ row: Row, of id: ID<Application>) throws -> Finding {
    let rule: EligibilityRule = try row.choice("rule")
    let metOn = try row.optionalDate("met_on")
    guard let facts = try row.optionalBytes("facts") else {
      // An earlier release's: it says whether the rule was met, and nothing more.
      return Finding(
        rule: rule, result: try row.bool("passed") ? .met : .notMet, metOn: metOn,
        article: rule.article)
    }
    let place = Self.findingRow(id, rule.rawValue)
    return Finding(
      rule: rule, result: try row.choice("result"), metOn: metOn,
      facts: StoredFacts.facts(try self.sealed.facts.openText(facts, row: place)),
      missing: try row.text("missing").split(separator: ",").map(String.init),
      article: try row.text("article"))
  }

  /// By the step of the case that brought them.
  private func reasons(_ rows: [Row], of id: ID<Application>) throws -> [Int64: [Reason]] {
    var reasons: [Int64: [Reason]] = [:]
    for row in rows {
      let sequence = try row.int64("sequence")
      let place = Self.reasonRow(id, sequence: sequence, position: try row.int("position"))
      reasons[sequence, default: []].append(
        Reason(
          code: try row.text("code"),
          text: try self.sealed.reasonText.openText(row.bytes("text"), row: place)))
    }
    return reasons
  }
}

extension SupplementNotice {
  /// `reasons` are by the step of the case that brought them.
  fileprivate init(_ row: Row, _ reasons: [Int64: [Reason]]) throws {
    let sequence = try row.int64("sequence")
    self.init(
      sequence: sequence, round: Int32(clamping: try row.int("round")),
      notifiedAt: try row.timestamp("notified_at"), reasons: reasons[sequence] ?? [],
      supplementedAt: try row.optionalTimestamp("supplemented_at"))
  }
}

extension ApplicationSummary {
  init(_ row: Row) throws {
    self.init(
      id: try row.id("application_id"),
      number: try row.optionalText("application_number") ?? "", kind: try row.choice("kind"),
      channel: try row.channel(), state: try row.choice("state"),
      version: try row.int64("version"), changedAt: try row.timestamp("changed_at"),
      certificateIdentifier: try row.optionalText("certificate_identifier") ?? "")
  }
}
