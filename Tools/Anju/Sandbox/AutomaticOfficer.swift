import DomainModel
import RPC
import ToolKit
import Wire

/// Plays every officer of every office: signs whatever waits for an opinion, as the script says.
struct AutomaticOfficer {
  /// One opinion that was signed, or was not taken.
  struct Signed: Encodable {
    let applicationNumber: String
    let stage: String
    let decision: String
    /// How the case stands then; why it was not taken, where it was not.
    let state: String
  }

  let services: Services
  let script: OfficerScript

  /// Signs what waits now. A case that somebody else has taken meanwhile is left to him.
  func decideOnce() async throws -> [Signed] {
    var signed: [Signed] = []
    for item in try await self.services.everyOpenCase() {
      guard let stage = item.state.stageToSign,
        let file = try await self.read(item.caseID), file.state == item.state
      else { continue }
      signed.append(try await self.sign(file, at: stage))
    }
    return signed
  }

  private func read(_ caseID: String) async throws -> ApprovalV1.Case? {
    try await self.services.approval.getCase(
      ApprovalV1.GetCaseRequest(key: .caseID(caseID)),
      options: self.services.options(as: .auditor)
    ).`case`
  }

  private func sign(
    _ file: ApprovalV1.Case, at stage: ApprovalV1.Stage
  ) async throws -> Signed {
    let verdict = self.verdict(on: file, at: stage)
    // Another person at each stage, and in each office.
    let office = stage == .approve ? file.bureauCode : file.officeCode
    let officer = Caller.officer("auto-\(word(stage))", office: office, role: word(stage))
    let state: String
    do {
      let after = try await self.services.sign(
        caseID: file.caseID, stage, verdict.decision.decision, verdict.reasons, as: officer)
      state = word(after.state)
    } catch let error as ServiceError where error.code != .unavailable {
      state = error.reason.isEmpty ? "\(error.code)" : error.reason
    }
    return Signed(
      applicationNumber: file.applicationNumber, stage: word(stage),
      decision: verdict.decision.rawValue, state: state)
  }

  private func verdict(
    on file: ApprovalV1.Case, at stage: ApprovalV1.Stage
  ) -> OfficerScript.Verdict {
    let refused = file.outcome?.issueRefusedReasons ?? []
    // What the registry has decided against is not approved again.
    if file.state == .issueRefused { return .init(decision: .refuse, reasons: refused) }
    let numbers = [file.applicationNumber, file.form?.applicant?.citizenID ?? ""]
    let earlier = file.opinions.count { $0.stage == stage }
    var verdict = self.script.verdict(on: Set(numbers), at: stage, after: earlier)
    if verdict.decision == .refuse {
      let named = Set(verdict.reasons.map(\.code))
      verdict.reasons += file.findings
        .filter { !$0.passed && !named.contains($0.rule) }
        .map { ModelV1.Reason(code: $0.rule, text: $0.chinese) }
    }
    return verdict
  }
}

extension ApprovalV1.CaseState {
  /// The stage whose opinion the case waits for; nil where it waits for nobody's.
  fileprivate var stageToSign: ApprovalV1.Stage? {
    switch self {
    case .awaitingAcceptance: .accept
    case .awaitingReview: .review
    case .awaitingApproval, .issueRefused: .approve
    case .awaitingConfirmation: .confirm
    default: nil
    }
  }
}
