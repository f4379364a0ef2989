import DomainModel
import TestSupport
import Testing

@testable import ApprovalCore

/// The data files the services run on.
enum PolicyData {
  private static let regions = ["zhejiang", "shanghai"].map { region in
    Result { try Self.policies(of: region) }
  }

  private static func policies(of region: String) throws -> CasePolicies {
    let rules = try RegionRules(of: region, reading: PolicyTexts.text)
    return try CasePolicies(
      editions: PolicyEditions(only: rules.policy), calendar: rules.calendar,
      offices: CaseOffices(rules.offices))
  }

  static func calendar() throws -> WorkingDayCalendar {
    try WorkingDayCalendar(text: PolicyTexts.text("calendar.tsv"))
  }

  static func policy() throws -> PolicySettings {
    try PolicySettings(text: PolicyTexts.text("zhejiang.tsv"))
  }

  /// The machine of a case of Zhejiang or Shanghai.
  static func machine(of origin: ApprovalCase.Origin) throws -> CaseMachine {
    try Self.regions[origin.policyVersion == "shanghai-1" ? 1 : 0].get().machine(of: origin)
  }

  /// The machine of a kind of Zhejiang.
  static func machine(_ kind: ApplicationKind = .firstPermit) throws -> CaseMachine {
    try Self.machine(of: .zhejiang(kind))
  }
}

/// Who appears in these tests.
enum Police {
  static let station = "330106500000"
  static let bureau = "330106000000"
  static let elsewhere = "330304000000"
  static let shanghaiStation = "310101500000"
  static let shanghaiBureau = "310101000000"

  /// The officer of a stage, at the right office and in the right role.
  static func right(
    for stage: Stage, id: String? = nil, of origin: ApprovalCase.Origin = .zhejiang()
  ) -> Officer {
    let office = stage == .approve ? origin.bureauCode : origin.officeCode
    return Officer(id: id ?? "police-\(stage.rawValue)", office: office, role: stage.role)
  }
}

extension ApprovalCase.Origin {
  /// An application of Zhejiang, submitted at nine on a day, about a permit and a registration.
  static func zhejiang(
    _ kind: ApplicationKind = .firstPermit, on iso: String = "2026-03-10",
    failedRules: [String] = []
  ) -> Self {
    Self(
      applicationID: "application-1", applicationNumber: "ZJ2026031000000001", kind: kind,
      channel: .app, policyVersion: "zhejiang-1", officeCode: Police.station,
      bureauCode: Police.bureau, submittedAt: nineOClock(iso), failedRules: failedRules,
      subject: ApprovalCase.Subject(
        certificateIdentifier: "certificate-1", registrationID: "registration-1"))
  }

  /// The same of Shanghai.
  static func shanghai(
    _ kind: ApplicationKind = .firstPermit, on iso: String = "2026-03-10"
  ) -> Self {
    var origin = Self.zhejiang(kind, on: iso)
    origin.policyVersion = "shanghai-1"
    origin.officeCode = Police.shanghaiStation
    origin.bureauCode = Police.shanghaiBureau
    return origin
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
    try Self.opened(.zhejiang(on: iso, failedRules: failedRules))
  }

  /// A case of an application.
  static func opened(_ origin: Origin) throws -> ApprovalCase {
    try PolicyData.machine(of: origin).open(origin, as: ID("case-1"))
  }

  /// The case after an event.
  func applying(_ event: CaseEvent) throws -> ApprovalCase {
    try PolicyData.machine(of: self.origin).applying(event, to: self)
  }

  /// The case after commands that must all be allowed.
  func after(_ commands: [CaseCommand], at now: Timestamp) throws -> ApprovalCase {
    let machine = try PolicyData.machine(of: self.origin)
    return try commands.reduce(self) { file, command in
      var command = command
      if case .sign(var draft) = command {
        draft.expectedVersion = file.version
        command = .sign(draft)
      }
      return try machine.decide(file, command, now: now).get().reduce(file) {
        machine.applying($1, to: $0)
      }
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

  /// The applicant has died on a day, and that was recorded at nine on 2026-03-12.
  static func died(_ iso: String) -> CaseCommand {
    .close(
      .death, on: CivilDate(of: nineOClock(iso)), recordedAt: nineOClock("2026-03-12"))
  }

  static let resumeFirst = CaseCommand.resume(
    round: 1, supplementedAt: nineOClock("2026-03-10"))

  static func issued(_ identifier: String = "1.2.156.3005.2.X") -> CaseCommand {
    .recordEffect(
      ApprovalCase.Effect(
        certificateIdentifier: identifier, validTo: CivilDate(of: nineOClock("2027-03-10")),
        at: nineOClock("2026-03-10")),
      isLast: true)
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
    case .withdrawn: try new.after(.withdraw(at: nineOClock("2026-03-10")))
    case .closed: try new.after(.died("2026-03-10"))
    case .awaitingConfirmation: try ApprovalCase.opened(.zhejiang(.residenceRegistration))
    case .awaitingForwarding: try Self.shanghai([.accept])
    case .awaitingMaking: try Self.shanghai([.accept, .forward, .review, .approve])
    case .awaitingNotification:
      try Self.shanghai([.accept, .forward, .review, .approve, .make])
    }
  }

  /// A first permit of Shanghai once these stages are signed; the registry issues at once.
  static func shanghai(_ stages: [Stage]) throws -> ApprovalCase {
    try stages.reduce(ApprovalCase.opened(.shanghai())) { file, stage in
      let officer = Police.right(for: stage, of: file.origin)
      let signed = try file.after(.sign(stage, .pass, by: officer))
      return stage == .approve ? try signed.after(.issued()) : signed
    }
  }
}
