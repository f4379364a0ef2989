import DomainModel
import ServiceCore
import Storage

/// How an application is written.
extension IntakeStore {
  /// Opens a draft. Throws `DRAFTS_TOO_MANY` where its owner has `draftsMax` of this kind already.
  func open(
    _ transaction: Transaction, _ draft: Application, draftsMax: Int?, _ stamp: Stamp
  ) throws {
    if let draftsMax, try self.draftCount(transaction, like: draft) >= draftsMax {
      throw ServiceError(.draftsTooMany, metadata: ["drafts_max": String(draftsMax)])
    }
    try self.write(transaction, Step(from: nil, to: draft, .drafted), stamp)
  }

  func insert(_ transaction: Transaction, _ draft: Application) throws {
    try transaction.execute(
      """
      INSERT INTO application (application_id, owner, kind, channel, policy_version, created_at,
        version, state, changed_at, updated_at, progress_sequence, entered_at_office)
      VALUES (\(draft.id), \(draft.owner), \(draft.kind), \(Int(draft.channel.rawValue)),
        \(draft.policyVersion), \(draft.createdAt), \(draft.version), \(draft.state),
        \(draft.changedAt), \(draft.updatedAt), \(draft.progressSequence), \(draft.enteredAt))
      """)
  }

  /// Writes the application's row after a step, and what the step brought beside it; whoever waits
  /// for changes is woken. Throws `APPLICATION_ALREADY_OPEN` where the person has one in progress
  /// that stands against it.
  func save(
    _ transaction: Transaction, _ step: Step<Application, ApplicationEvent>, _ stamp: Stamp
  ) throws {
    transaction.signal(Self.topic)
    try self.note(transaction, step.after)
    guard let version = step.before?.version else {
      return try self.insert(transaction, step.after)
    }
    let next = step.after
    switch step.event {
    case .drafted, .expired: break  // The one has no step before it, the other is `expireDrafts`'.
    case .commitmentGiven, .registrationChanged, .withdrawalRequested, .withdrawalOvertaken,
      .closingAsked:
      try self.update(transaction, next, from: version)
    case .formWritten(let person):
      try self.update(transaction, next, from: version)
      try self.updateForm(transaction, next, of: person, stamp)
    case .materialUploaded(let material), .materialReused(let material):
      try self.update(transaction, next, from: version)
      try self.replace(transaction, material, in: next.id)
    case .submitted(let filing), .restored(let filing):
      try self.refuseConflict(transaction, filing, of: next)
      try self.updateForm(transaction, next, of: filing.applicant, stamp)
      try self.file(transaction, filing, next)
      try self.update(transaction, next, from: version)
      try self.insert(transaction, filing.submission.findings, of: next.id)
    case .supplemented(let notice):
      try self.update(transaction, next, from: version)
      try self.answer(transaction, notice, of: next.id, at: stamp.now)
    case .progressed(let progress):
      try self.update(transaction, next, from: version)
      try self.insert(transaction, progress, of: next)
      try self.insert(transaction, opinionsOf: next, known: step.before?.opinions.count ?? 0)
    }
    if next.state.isFinal && step.before?.state.isFinal == false {
      try self.sealFile(transaction, of: next.id, at: stamp.now)
    }
  }

  /// Every column of the row but the form and its person.
  private func update(
    _ transaction: Transaction, _ next: Application, from version: Int64
  ) throws {
    let submission = next.submission
    let acceptance = next.acceptance
    try transaction.update(
      """
      UPDATE application SET version = \(next.version), state = \(next.state),
        changed_at = \(next.changedAt), updated_at = \(next.updatedAt),
        policy_version = \(next.policyVersion), progress_sequence = \(next.progressSequence),
        notice_version = \(next.commitment?.noticeVersion),
        assented_at = \(next.commitment?.assentedAt), application_number = \(submission?.number),
        submitted_at = \(submission?.submittedAt), office_code = \(submission?.officeCode),
        office_name = \(submission?.officeName), bureau_code = \(submission?.bureauCode),
        acceptance_due_on = \(submission?.acceptanceDue?.date),
        acceptance_due_provisional = \(submission?.acceptanceDue?.isProvisional),
        accepted_at = \(acceptance?.acceptedAt), promise_due_on = \(acceptance?.promiseDue?.date),
        promise_due_provisional = \(acceptance?.promiseDue?.isProvisional),
        statute_due_on = \(acceptance?.statuteDue?.date),
        statute_due_provisional = \(acceptance?.statuteDue?.isProvisional),
        refused_at = \(next.refusal?.decidedAt),
        reconsideration_authority = \(next.refusal?.reconsiderationAuthority),
        court = \(next.refusal?.court), completed_at = \(next.completion?.completedAt),
        certificate_identifier = \(next.completion?.certificateIdentifier),
        valid_to_on = \(next.completion?.validTo),
        completed_registration = \(next.completion?.registrationID),
        about_registration = \(submission?.about.registrationID),
        withdrawal_requested_at = \(next.withdrawal?.requestedAt),
        withdrawn_at = \(next.withdrawal?.withdrawnAt),
        closing_reason = \(next.closing?.reason), closing_event_on = \(next.closing?.eventOn),
        closing_recorded_at = \(next.closing?.recordedAt), closed_at = \(next.closing?.closedAt)
      WHERE application_id = \(next.id) AND version = \(version)
      """)
  }

  /// The form, sealed, whose it is, and whose ward that is.
  private func updateForm(
    _ transaction: Transaction, _ next: Application, of citizenID: CitizenID?,
    _ stamp: Stamp
  ) throws {
    let form = try next.form.map { try self.sealed.form.seal($0.bytes, row: next.id.text) }
    let person = try citizenID.map { citizenID in
      try self.persons.findOrCreate(
        transaction, citizenID: citizenID.text, newID: stamp.newID(), now: stamp.now)
    }
    let guardian = try next.form?.input.guardianID(on: CivilDate(of: stamp.now)).map { number in
      try self.persons.findOrCreate(
        transaction, citizenID: number.text, newID: stamp.newID(), now: stamp.now)
    }
    try transaction.execute(
      """
      UPDATE application SET form = \(form), person_id = \(person), guardian_id = \(guardian)
      WHERE application_id = \(next.id)
      """)
  }

  /// What stands from submission on and never changes.
  private func file(
    _ transaction: Transaction, _ filing: Filing, _ next: Application
  ) throws {
    let submission = filing.submission
    let exclusive = filing.against.contains(next.kind) ? next.kind : nil
    try transaction.execute(
      """
      UPDATE application SET exclusive_kind = \(exclusive),
        entered_by_officer = \(submission.enteredBy?.id),
        entered_by_office = \(submission.enteredBy?.office),
        about_certificate = \(submission.about.certificateIdentifier)
      WHERE application_id = \(next.id)
      """)
  }

  /// Throws `APPLICATION_ALREADY_OPEN` where the person has one in progress that stands against it.
  /// Writes are serializable, so no other comes between; of the same kind the index
  /// `application_one_of_kind` says it too.
  private func refuseConflict(
    _ transaction: Transaction, _ filing: Filing, of next: Application
  ) throws {
    let open = try self.openApplications(
      transaction, ofCitizen: filing.applicant.text, besides: next.id)
    if let other = open.first(where: { filing.against.contains($0.kind) }) {
      throw other.refusal
    }
  }

  private func insert(
    _ transaction: Transaction, _ findings: [Finding], of id: ID<Application>
  ) throws {
    for finding in findings {
      let facts = try self.sealed.facts.seal(
        StoredFacts.text(finding.facts), row: Self.findingRow(id, finding.rule.rawValue))
      try transaction.execute(
        """
        INSERT INTO application_finding (application_id, rule, passed, met_on, result, facts,
          missing, article)
        VALUES (\(id), \(finding.rule), \(finding.passed), \(finding.metOn), \(finding.result),
          \(facts), \(finding.missing.joined(separator: ",")), \(finding.article))
        """)
    }
  }
}
