import DomainModel
import TestSupport
import Testing

@testable import ApprovalCore

/// The data files the services run on.
enum PolicyData {
  static func calendar() throws -> WorkingDayCalendar {
    try WorkingDayCalendar(text: PolicyTexts.text("calendar.tsv"))
  }

  static func policy() throws -> PolicySettings {
    try PolicySettings(text: PolicyTexts.text("zhejiang.tsv"))
  }

  static func machine() throws -> CaseMachine {
    CaseMachine(terms: CaseTerms(policy: try Self.policy(), calendar: try Self.calendar()))
  }
}

/// Who appears in these tests.
enum Police {
  static let station = "330106500000"
  static let bureau = "330106000000"
  static let elsewhere = "330304000000"

  /// The officer of a stage, at the right office and in the right role.
  static func right(for stage: Stage, id: String? = nil) -> Officer {
    let office = stage == .approve ? Self.bureau : Self.station
    return Officer(id: id ?? "police-\(stage.rawValue)", office: office, role: stage.role)
  }
}

/// A day at nine in the morning in Shanghai.
func nineOClock(_ iso: String) -> Timestamp {
  guard let date = CivilDate(iso: iso) else { preconditionFailure("no date: \(iso)") }
  return date.startOfDay.adding(milliseconds: 9 * 3_600_000)
}

extension ApprovalCase {
  /// A case of an application submitted at nine on a day.
  static func opened(
    on iso: String = "2026-03-10", failedRules: [String] = []
  ) throws -> ApprovalCase {
    try PolicyData.machine().open(
      Origin(
        applicationID: "application-1", applicationNumber: "ZJ2026031000000001",
        kind: .firstPermit, channel: .app, policyVersion: "zhejiang-1",
        officeCode: Police.station, bureauCode: Police.bureau, submittedAt: nineOClock(iso),
        failedRules: failedRules),
      as: ID("case-1"))
  }

  /// The case after commands that must all be allowed.
  func after(_ commands: [CaseCommand], at now: Timestamp) throws -> ApprovalCase {
    let machine = try PolicyData.machine()
    return try commands.reduce(self) { file, command in
      var command = command
      if case .sign(var draft) = command {
        draft.expectedVersion = file.version
        command = .sign(draft)
      }
      return try machine.decide(file, command, now: now).get().reduce(file) { $0.applying($1) }
    }
  }

  func after(_ commands: CaseCommand..., at iso: String = "2026-03-10") throws -> ApprovalCase {
    try self.after(commands, at: nineOClock(iso))
  }
}

extension CaseCommand {
  /// An opinion by the right officer; where it does not pass, for the reasons named.
  static func sign(
    _ stage: Stage, _ decision: Decision, _ codes: [String] = [], by officer: Officer? = nil,
    version: Int64 = 1
  ) -> CaseCommand {
    .sign(
      OpinionDraft(
        officer: officer ?? Police.right(for: stage), expectedVersion: version, stage: stage,
        decision: decision, reasons: codes.map { CaseReason(code: $0, text: "理由") }, text: ""))
  }

  static let resumeFirst = CaseCommand.resume(
    round: 1, supplementedAt: nineOClock("2026-03-10"))

  static func issued(_ identifier: String = "1.2.156.3005.2.X") -> CaseCommand {
    .recordIssue(
      ApprovalCase.Issue(
        certificateIdentifier: identifier,
        validTo: CivilDate(of: nineOClock("2027-03-10")), issuedAt: nineOClock("2026-03-10")))
  }

  static let issueRefusedAsLive = CaseCommand.recordIssueRefusal([
    CaseReason(code: "PERMIT_ALREADY_LIVE", text: "该人员已持有有效居住证。")
  ])
}

/// A case in each state, by the shortest way there.
enum CaseAt {
  static func state(_ state: CaseState) throws -> ApprovalCase {
    let new = try ApprovalCase.opened()
    let pass = CaseCommand.sign(.accept, .pass)
    let reviewed = CaseCommand.sign(.review, .pass)
    let approved = CaseCommand.sign(.approve, .pass)
    return switch state {
    case .awaitingAcceptance: new
    case .awaitingSupplement: try new.after(.sign(.accept, .supplement, ["PHOTO_UNFIT"]))
    case .notAccepted: try new.after(.sign(.accept, .refuse, ["OFFICE_NOT_COMPETENT"]))
    case .awaitingReview: try new.after(pass)
    case .reviewSupplement: try new.after(pass, .sign(.review, .supplement, ["PHOTO_UNFIT"]))
    case .awaitingApproval: try new.after(pass, reviewed)
    case .approved: try new.after(pass, reviewed, approved)
    case .refused: try new.after(pass, reviewed, .sign(.approve, .refuse, ["EVIDENCE_FALSE"]))
    case .issueRefused: try new.after(pass, reviewed, approved, .issueRefusedAsLive)
    case .completed: try new.after(pass, reviewed, approved, .issued())
    }
  }
}
