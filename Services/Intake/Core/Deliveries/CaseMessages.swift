import DomainModel
import RPC
import ServiceCore
import Storage
import Wire

/// What the approval service is told, in one lane an application, so that it hears in order.
enum CaseMessages {
  /// The case is to be opened. The key follows from the application, so that it is opened once.
  static func openCase(
    _ application: Application, _ submission: Submission
  ) throws -> OutboxMessage {
    try Self.opening(application, submission, nil, key: "\(application.id.text)-open")
  }

  /// The case is lost, and is to be opened again where it is known to have stood: as `caseID`, if
  /// that is not empty.
  static func reopenCase(
    _ application: Application, _ submission: Submission, as caseID: String
  ) throws -> OutboxMessage {
    let standing = ApprovalV1.CaseStanding(application, submission, caseID: caseID)
    let key = "\(application.id.text)-reopen-\(application.version)"
    return try Self.opening(application, submission, standing, key: key)
  }

  private static func opening(
    _ application: Application, _ submission: Submission,
    _ standing: ApprovalV1.CaseStanding?, key: String
  ) throws -> OutboxMessage {
    let request = ApprovalV1.OpenCaseRequest(
      idempotencyKey: key, applicationID: application.id.text,
      applicationNumber: submission.number, kind: .init(application.kind),
      channel: .init(application.channel), policyVersion: application.policyVersion,
      officeCode: submission.officeCode, submittedAtMs: submission.submittedAt.milliseconds,
      form: try ModelV1.ApplicationForm(wireBytes: application.form?.bytes ?? []),
      materials: application.materials.map(ModelV1.Material.init),
      findings: submission.findings.map(ModelV1.Finding.init), bureauCode: submission.bureauCode,
      standing: standing,
      certificateIdentifier: submission.about.certificateIdentifier ?? "",
      registrationID: submission.about.registrationID ?? "",
      acceptingOfficer: submission.enteredBy?.id ?? "",
      acceptingOffice: submission.enteredBy?.office ?? "")
    return try OutboxMessage(
      request, ApprovalV1.ApprovalServiceMethods.openCase, to: .approval,
      lane: Self.lane(application), key: key)
  }

  /// The supplement came in with the application's last change, and the case goes on.
  static func resumeClock(
    _ application: Application, answering notice: SupplementNotice
  ) throws -> OutboxMessage {
    try Self.resumption(
      application, notice, at: application.updatedAt,
      key: "\(application.id.text)-resume-\(notice.sequence)")
  }

  /// The same of a supplement that came in before, for a case that may have lost it.
  static func resumeClockAgain(
    _ application: Application, answering notice: SupplementNotice
  ) throws -> OutboxMessage {
    try Self.resumption(
      application, notice, at: notice.supplementedAt ?? application.updatedAt,
      key: "\(application.id.text)-resumed-\(application.version)")
  }

  private static func resumption(
    _ application: Application, _ notice: SupplementNotice, at instant: Timestamp, key: String
  ) throws -> OutboxMessage {
    let request = ApprovalV1.ResumeClockRequest(
      idempotencyKey: key, applicationID: application.id.text,
      supplementedAtMs: instant.milliseconds,
      materials: application.materials.map(ModelV1.Material.init), round: notice.round)
    return try OutboxMessage(
      request, ApprovalV1.ApprovalServiceMethods.resumeClock, to: .approval,
      lane: Self.lane(application), key: key)
  }

  /// The applicant takes it back. A later withdrawal, after one that fell, has a key of its own.
  static func withdrawCase(_ application: Application) throws -> OutboxMessage {
    let key = "\(application.id.text)-withdraw-\(application.version)"
    let request = ApprovalV1.WithdrawCaseRequest(
      idempotencyKey: key, applicationID: application.id.text,
      withdrawnAtMs: application.withdrawal?.requestedAt.milliseconds ?? 0)
    return try OutboxMessage(
      request, ApprovalV1.ApprovalServiceMethods.withdrawCase, to: .approval,
      lane: Self.lane(application), key: key)
  }

  /// What has become of the applicant leaves nothing to decide.
  static func closeCase(_ application: Application, _ closing: Closing) throws -> OutboxMessage {
    let key = "\(application.id.text)-close-\(application.version)"
    let request = ApprovalV1.CloseCaseRequest(
      idempotencyKey: key, applicationID: application.id.text, reason: .init(closing.reason),
      eventOn: closing.eventOn.iso, recordedAtMs: closing.recordedAt.milliseconds)
    return try OutboxMessage(
      request, ApprovalV1.ApprovalServiceMethods.closeCase, to: .approval,
      lane: Self.lane(application), key: key)
  }

  private static func lane(_ application: Application) -> String {
    "application:\(application.id.text):approval"
  }
}
