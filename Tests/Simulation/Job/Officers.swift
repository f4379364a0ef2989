import DomainModel
import RPC
import Wire

/// The officers of all three stages: what they decide is drawn, and now and then two of them take
/// the same case at the same moment.
struct Officers: Sendable {
  static let station = "330106500000"
  static let bureau = "330106000000"

  /// How often two officers take one case, in thousandths.
  private static let raced = 300
  /// How often an officer passes a case, and how often he asks for a supplement, in thousandths.
  private static let passed = 650
  private static let asked = 200
  /// What notices ask for, one after the other; nothing may be asked for twice.
  private static let missing = ["ID_CARD_UNCLEAR", "PHOTO_UNFIT", "EVIDENCE_INCOMPLETE"]
  /// What an officer is told who came second.
  private static let second: Set<String> = [
    ErrorReason.versionStale.rawValue, ErrorReason.caseWrongState.rawValue,
  ]

  let world: SimulatedWorld
  let chance: Chance

  /// Signs the opinion that a case waits for; returns it as it was acknowledged. Throws
  /// `CancellationError` where not exactly one of two officers was told that he has signed.
  func sign(_ file: ApprovalV1.Case) async throws -> Signed {
    try await self.world.sleep(self.chance.wait(Applicant.pauseMs))
    let officers = self.officers(of: file)
    if officers.count > 1 { self.world.tell(.races) }
    if file.state == .issueRefused { self.world.tell(.refusedIssues) }
    let signed = try await withThrowingTaskGroup(of: Signed?.self) { group in
      for (stage, officer) in officers {
        group.addTask { try await self.sign(file, stage, as: officer) }
      }
      return try await group.reduce(into: [Signed]()) { signed, one in
        if let one { signed.append(one) }
      }
    }
    guard signed.count == 1, let only = signed.first else {
      self.world.violated(
        "\(signed.count) of \(officers.count) officers have signed version \(file.version) of "
          + file.caseID)
      throw CancellationError()
    }
    return only
  }

  /// The case of an application, once it is as it was waited for.
  func file(
    of application: String, where isIt: (ApprovalV1.Case) -> Bool
  ) async throws -> ApprovalV1.Case {
    let reader = self.client("approve", "police-approve-1", Self.bureau)
    return try await reader.poll {
      do {
        let found = try await reader.approval.getCase(
          .init(key: .applicationID(application)), options: reader.options
        ).case
        return found.flatMap { isIt($0) ? $0 : nil }
      } catch let error as ServiceError where error.code == .notFound {
        return nil
      }
    }
  }

  private func client(_ role: String, _ id: String, _ office: String) -> Client {
    Client(
      world: self.world, caller: Caller(kind: .officer, id: id, office: office, role: role),
      chance: self.chance)
  }

  /// Who signs now: one officer, or two. A permit that was not issued is back with who approved it.
  private func officers(of file: ApprovalV1.Case) -> [(ApprovalV1.Stage, Client)] {
    let (stage, role, office): (ApprovalV1.Stage, String, String) =
      switch file.state {
      case .awaitingAcceptance: (.accept, "accept", Self.station)
      case .awaitingReview: (.review, "review", Self.station)
      default: (.approve, "approve", Self.bureau)
      }
    if file.state == .issueRefused {
      let approver = file.opinions.last { $0.stage == .approve }?.officerID ?? ""
      return [(stage, self.client(role, approver, office))]
    }
    let ids = self.chance.happens(perMille: Self.raced) ? [1, 2] : [self.chance.number(1...2)]
    return ids.map { (stage, self.client(role, "police-\(role)-\($0)", office)) }
  }

  /// Signs as one officer; nil where another one was faster.
  private func sign(
    _ file: ApprovalV1.Case, _ stage: ApprovalV1.Stage, as officer: Client
  ) async throws -> Signed? {
    let decision = self.decision(on: file, stage)
    let request = ApprovalV1.RecordOpinionRequest(
      idempotencyKey: officer.key("opinion"), caseID: file.caseID,
      expectedVersion: file.version, stage: stage, decision: decision,
      reasons: self.reasons(of: decision, on: file))
    do {
      _ = try await officer.change {
        try await officer.approval.recordOpinion(request, options: officer.options)
      }
    } catch let error as ServiceError where Self.second.contains(error.reason) {
      return nil
    }
    return Signed(stage: stage, decision: decision, officerID: officer.caller.id)
  }

  private func decision(
    on file: ApprovalV1.Case, _ stage: ApprovalV1.Stage
  ) -> ApprovalV1.Decision {
    let draw = self.chance.number(0...999)
    // What the registry would not issue, it will not issue the next time either.
    if file.state == .issueRefused { return draw < Self.asked ? .pass : .refuse }
    if draw < Self.passed { return .pass }
    let mayAsk = stage != .approve && Self.notices(in: file) < Self.missing.count
    return mayAsk && draw < Self.passed + Self.asked ? .supplement : .refuse
  }

  /// A refusal names each failed rule, and what the registry said.
  private func reasons(
    of decision: ApprovalV1.Decision, on file: ApprovalV1.Case
  ) -> [ModelV1.Reason] {
    switch decision {
    case .supplement: [ModelV1.Reason(code: Self.missing[Self.notices(in: file)])]
    case .refuse:
      (file.findings.filter { !$0.passed }.map(\.rule)
        + (file.outcome?.issueRefusedReasons ?? []).map(\.code) + ["RESIDENCE_NOT_FOUND"])
        .map { ModelV1.Reason(code: $0, text: "经核查") }
    default: []
    }
  }

  private static func notices(in file: ApprovalV1.Case) -> Int {
    file.opinions.filter { $0.decision == .supplement }.count
  }
}
