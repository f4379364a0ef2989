import DomainModel
import ServiceCore
import Storage
import Wire

/// From the domain to the wire.
extension IntakeV1.Application {
  init(_ application: Application) throws {
    self.init(
      applicationID: application.id.text, version: application.version,
      state: .init(application.state), kind: .init(application.kind),
      channel: .init(application.channel), policyVersion: application.policyVersion,
      createdAtMs: application.createdAt.milliseconds,
      commitment: application.commitment.map(IntakeV1.Commitment.init),
      form: try application.form.map { try ModelV1.ApplicationForm(wireBytes: $0.bytes) },
      materials: application.materials.map(ModelV1.Material.init),
      findings: application.submission?.findings.map(ModelV1.Finding.init) ?? [],
      receipt: application.submission.map(IntakeV1.Receipt.init),
      acceptance: application.acceptance.map(IntakeV1.Acceptance.init),
      notices: application.notices.map(IntakeV1.SupplementNotice.init),
      refusal: application.refusal.map(IntakeV1.Refusal.init),
      completion: application.completion.map(IntakeV1.Completion.init),
      changedAtMs: application.changedAt.milliseconds,
      about: application.submission.flatMap { IntakeV1.ApplicationSubject($0.about) },
      withdrawal: application.withdrawal.map(IntakeV1.Withdrawal.init),
      enteredAtOffice: application.enteredAt ?? "",
      closure: application.closing?.closure.map { .init($0) })
  }
}

extension IntakeV1.Application {
  /// What the answers of mutating calls say. They are kept for 30 days, so they hold nothing that
  /// may have to be erased: neither the form nor what officers wrote.
  init(outlineOf application: Application) {
    self.init(
      applicationID: application.id.text, version: application.version,
      state: .init(application.state), kind: .init(application.kind),
      channel: .init(application.channel), policyVersion: application.policyVersion,
      createdAtMs: application.createdAt.milliseconds,
      changedAtMs: application.changedAt.milliseconds)
  }
}

extension IntakeV1.Application {
  /// What the history keeps of an application as it stands: the answer of now without the form,
  /// which stands in one place only, so that it goes with its draft.
  init(recordOf application: Application) throws {
    var bare = application
    bare.form = nil
    bare.materials.sort { $0.slot < $1.slot }
    try self.init(bare)
  }

  /// An application as it stood. Throws `NOT_THERE_YET` and `STANDING_UNKNOWN`.
  init(_ past: PastApplication) throws {
    let present = try Self(past.present)
    guard let kept = try past.standing.kept() else {
      self = present
      return
    }
    self = try Self(wireBytes: kept.standing.record)
    if past.hasSameForm { self.form = present.form }
  }
}

extension IntakeV1.ApplicationSummary {
  init(_ summary: ApplicationSummary) {
    self.init(
      applicationID: summary.id.text, applicationNumber: summary.number,
      state: .init(summary.state), version: summary.version,
      changedAtMs: summary.changedAt.milliseconds,
      certificateIdentifier: summary.certificateIdentifier, kind: .init(summary.kind),
      channel: .init(summary.channel))
  }
}

extension IntakeV1.ApplicationState {
  init(_ state: ApplicationState) {
    self =
      switch state {
      case .draft: .draft
      case .submitted: .submitted
      case .supplementNeeded: .supplementNeeded
      case .accepted: .accepted
      case .notAccepted: .notAccepted
      case .refused: .refused
      case .completed: .completed
      case .withdrawn: .withdrawn
      case .closed: .closed
      }
  }
}

extension ModelV1.Channel {
  init(_ channel: ApplicationChannel) { self.init(rawValue: channel.rawValue) }
}

extension ModelV1.Material {
  init(_ material: Material) {
    self.init(
      materialID: material.id.text, kind: .init(rawValue: material.slot.kind.rawValue),
      evidence: .init(rawValue: material.slot.evidence?.rawValue ?? 0),
      mediaType: material.mediaType.rawValue, sizeBytes: material.sizeBytes,
      sha256: material.sha256, uploadedAtMs: material.uploadedAt.milliseconds)
  }
}

extension ModelV1.Finding {
  init(_ finding: Finding) {
    let isKnown = finding.result != .notKnown
    self.init(
      rule: finding.rule.rawValue, passed: finding.passed, article: finding.article,
      english: isKnown
        ? finding.rule.english(passed: finding.passed) : EligibilityRule.notKnownInEnglish,
      chinese: isKnown
        ? finding.rule.chinese(passed: finding.passed) : EligibilityRule.notKnownInChinese,
      metOn: finding.metOn?.iso ?? "", result: .init(finding.result),
      facts: finding.facts.map { ModelV1.Fact(name: $0.name, value: $0.value) },
      missing: finding.missing)
  }
}

extension ModelV1.FindingResult {
  init(_ result: Finding.Result) {
    self =
      switch result {
      case .met: .met
      case .notMet: .notMet
      case .notKnown: .notKnown
      }
  }
}

extension ModelV1.Reason {
  init(_ reason: Reason) { self.init(code: reason.code, text: reason.text) }
}

extension IntakeV1.Commitment {
  init(_ commitment: Commitment) {
    self.init(
      noticeVersion: commitment.noticeVersion, assented: true,
      assentedAtMs: commitment.assentedAt.milliseconds)
  }
}

extension IntakeV1.Receipt {
  init(_ submission: Submission) {
    self.init(
      applicationNumber: submission.number, submittedAtMs: submission.submittedAt.milliseconds,
      officeCode: submission.officeCode, officeName: submission.officeName,
      acceptanceDue: submission.acceptanceDue.map(ModelV1.DueDate.init))
  }
}

extension IntakeV1.Acceptance {
  init(_ acceptance: Acceptance) {
    self.init(
      acceptedAtMs: acceptance.acceptedAt.milliseconds,
      promiseDue: acceptance.promiseDue.map(ModelV1.DueDate.init),
      statuteDue: acceptance.statuteDue.map(ModelV1.DueDate.init))
  }
}

extension IntakeV1.SupplementNotice {
  init(_ notice: SupplementNotice) {
    self.init(
      notifiedAtMs: notice.notifiedAt.milliseconds,
      reasons: notice.reasons.map(ModelV1.Reason.init),
      supplementedAtMs: notice.supplementedAt?.milliseconds ?? 0, round: notice.round)
  }
}

extension IntakeV1.Refusal {
  init(_ refusal: Refusal) {
    self.init(
      decidedAtMs: refusal.decidedAt.milliseconds,
      reasons: refusal.reasons.map(ModelV1.Reason.init),
      reconsiderationAuthority: refusal.reconsiderationAuthority, court: refusal.court)
  }
}

extension IntakeV1.Completion {
  init(_ completion: Completion) {
    self.init(
      completedAtMs: completion.completedAt.milliseconds,
      certificateIdentifier: completion.certificateIdentifier,
      validToOn: completion.validTo?.iso ?? "", registrationID: completion.registrationID)
  }
}

extension IntakeV1.ApplicationSubject {
  /// Nil where it is about nothing on record.
  init?(_ subject: ApplicationSubject) {
    if subject.isNothing { return nil }
    self.init(
      certificateIdentifier: subject.certificateIdentifier ?? "",
      registrationID: subject.registrationID ?? "")
  }
}

extension IntakeV1.Withdrawal {
  init(_ withdrawal: Withdrawal) {
    self.init(
      requestedAtMs: withdrawal.requestedAt.milliseconds,
      withdrawnAtMs: withdrawal.withdrawnAt?.milliseconds ?? 0)
  }
}
