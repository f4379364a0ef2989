import DomainModel
import ServiceCore
import Storage
import Wire

// What is written to the wire.

extension ApprovalV1.Stage {
  init(_ stage: Stage) {
    switch stage {
    case .accept: self = .accept
    case .review: self = .review
    case .approve: self = .approve
    case .confirm: self = .confirm
    case .forward: self = .forward
    case .make: self = .make
    case .notify: self = .notify
    }
  }
}

extension ApprovalV1.Decision {
  init(_ decision: Decision) {
    switch decision {
    case .pass: self = .pass
    case .supplement: self = .supplement
    case .refuse: self = .refuse
    }
  }
}

extension ApprovalV1.CaseState {
  init(_ state: CaseState) {
    switch state {
    case .awaitingAcceptance: self = .awaitingAcceptance
    case .awaitingSupplement: self = .awaitingSupplement
    case .awaitingReview: self = .awaitingReview
    case .reviewSupplement: self = .reviewSupplement
    case .awaitingApproval: self = .awaitingApproval
    case .approved: self = .approved
    case .issueRefused: self = .issueRefused
    case .completed: self = .completed
    case .notAccepted: self = .notAccepted
    case .refused: self = .refused
    case .awaitingConfirmation: self = .awaitingConfirmation
    case .withdrawn: self = .withdrawn
    case .closed: self = .closed
    case .awaitingForwarding: self = .awaitingForwarding
    case .awaitingMaking: self = .awaitingMaking
    case .awaitingNotification: self = .awaitingNotification
    }
  }
}

extension ModelV1.Reason {
  init(_ reason: CaseReason) {
    self.init(code: reason.code, text: reason.text)
  }
}

extension ApprovalV1.Opinion {
  init(_ opinion: Opinion) {
    self.init(
      stage: .init(opinion.stage), round: Int32(opinion.round), officerID: opinion.officerID,
      officeCode: opinion.officeCode, decision: .init(opinion.decision),
      reasons: opinion.reasons.map { .init($0) }, text: opinion.text,
      signedAtMs: opinion.signedAt.milliseconds)
  }
}

extension ApprovalV1.Clocks {
  init(of file: ApprovalCase) {
    self.init(
      acceptanceDue: .init(file.clocks.acceptance),
      acceptedAtMs: file.clocks.acceptedAt?.milliseconds ?? 0,
      promiseDue: file.clocks.promise.map { .init($0) },
      statuteDue: file.clocks.statute.map { .init($0) },
      pausedAtMs: file.pausedAt?.milliseconds ?? 0,
      stageDue: file.clocks.stage.map { .init($0) }, pauses: file.pauses.map { .init($0) },
      extensions: file.extensions.map { .init($0) })
  }
}

extension ApprovalV1.Outcome {
  /// Nil before the registry has answered.
  init?(of file: ApprovalCase) {
    let effect = file.effect
    if effect == nil && file.issueRefusedReasons.isEmpty { return nil }
    self.init(
      certificateIdentifier: effect?.certificateIdentifier ?? "",
      validToOn: effect?.validTo?.iso ?? "", issuedAtMs: effect?.at.milliseconds ?? 0,
      issueRefusedReasons: file.issueRefusedReasons.map { .init($0) },
      registrationID: effect?.registrationID ?? "")
  }
}

extension ApprovalV1.Case {
  /// The case without its papers.
  init(_ file: ApprovalCase) {
    self.init(
      caseID: file.id.text, applicationID: file.origin.applicationID,
      applicationNumber: file.origin.applicationNumber, kind: .init(file.origin.kind),
      state: .init(file.state), version: file.version, officeCode: file.origin.officeCode,
      bureauCode: file.origin.bureauCode, policyVersion: file.origin.policyVersion,
      submittedAtMs: file.origin.submittedAt.milliseconds,
      opinions: file.opinions.map { .init($0) }, clocks: .init(of: file), outcome: .init(of: file),
      certificateIdentifier: file.origin.subject.certificateIdentifier,
      registrationID: file.origin.subject.registrationID,
      desk: ApprovalV1.CaseDesk(file.desk, waitsFor: file.namedOfficer),
      alarms: file.alarms.map { .init($0, of: file.id.text, file.origin.applicationNumber) },
      closure: file.closure.map { .init($0) }, holds: file.holds.map { .init($0) })
  }

  /// The case with all that its officer must see.
  init(_ record: CaseRecord) throws {
    try self.init(recordOf: record)
    self.form = try ModelV1.ApplicationForm(wireBytes: record.papers.form)
    self.findings = try CaseFile.findings(record.papers.findings)
  }
}

extension ApprovalV1.Case {
  /// What the history keeps of a case as it stands: all but form and findings, which never change.
  init(recordOf record: CaseRecord) throws {
    self.init(record.file)
    self.materials = try CaseFile.materials(record.papers.materials)
  }

  /// The case as it stood. Throws `NOT_THERE_YET` and `STANDING_UNKNOWN`.
  init(_ standing: PastStanding, of present: Self) throws {
    guard let kept = try standing.kept() else {
      self = present
      return
    }
    self = try Self(wireBytes: kept.standing.record)
    self.form = present.form
    self.findings = present.findings
  }
}

extension IntakeV1.ApplicationSubject {
  /// Nil where the application is about nothing on record.
  init?(_ subject: ApprovalCase.Subject) {
    if subject == ApprovalCase.Subject() { return nil }
    self.init(
      certificateIdentifier: subject.certificateIdentifier,
      registrationID: subject.registrationID)
  }
}

extension ApprovalV1.WorkItem {
  init(_ line: WorkLine, at now: Timestamp) {
    let (assignee, holder) = (line.desk.assignee, line.desk.holder(at: now)?.officerID ?? "")
    self.init(
      caseID: line.caseID, applicationID: line.applicationID,
      applicationNumber: line.applicationNumber, state: .init(line.state), version: line.version,
      officeCode: line.officeCode, dueAtMs: line.dueAt?.milliseconds ?? 0,
      overdue: line.dueAt.map { $0 <= now } ?? false,
      certificateIdentifier: line.state.isInEffect ? line.certificateIdentifier ?? "" : "",
      kind: .init(line.kind), channel: .init(line.channel),
      desk: .init(line.desk, at: now, waitsFor: assignee.isEmpty ? holder : assignee),
      workOffice: line.workOffice)
  }
}

extension ApprovalV1.CaseEvent {
  init(_ entry: HistoryEntry) {
    self.init(
      sequence: Int64(entry.sequence), occurredAtMs: entry.at.milliseconds, actor: entry.actor,
      role: entry.role, officeCode: entry.office, action: entry.action, detail: entry.detail)
  }
}
