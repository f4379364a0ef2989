import DomainModel

/// The rules an opinion must keep. All of them are looked at, the gravest first: whoever has
/// nothing to do with the case, then whoever read it too early, then what was sent.
extension ApprovalCase {
  /// Everything that speaks against a draft; empty where it may be signed. `lapsed` is the stage
  /// that may refuse, and do nothing else, because a once-only notice was never answered.
  func objections(to draft: OpinionDraft, lapsedFor lapsed: Stage? = nil) -> [Objection] {
    var objections: [Objection] = []
    if !self.isRight(draft.officer, for: draft.stage) { objections.append(.wrongOffice) }
    if draft.expectedVersion != self.version { objections.append(.versionStale) }
    let endsLapsed = draft.decision == .refuse && draft.stage == lapsed
    if let stage = draft.stage, stage != self.state.workStage, !endsLapsed {
      objections.append(.wrongState)
    }
    if let stage = draft.stage, let other = self.otherStage(of: draft.officer.id, than: stage) {
      objections.append(.alreadyInCase(as: other))
    }
    if self.state == .issueRefused, draft.stage == .approve, self.approver != draft.officer.id {
      objections.append(.ofAnotherOfficer)
    }
    let violations = self.violations(of: draft)
    if !violations.isEmpty { objections.append(.invalid(violations)) }
    return objections
  }

  /// 受理 and 审核 at the residence office, 审批 at the county-level bureau, each by who has the role.
  private func isRight(_ officer: Officer, for stage: Stage?) -> Bool {
    guard let stage else { return self.concerns(office: officer.office) }
    return officer.office == self.office(of: stage) && officer.role == stage.role
  }

  /// The other stage an officer has signed; the three opinions are three persons'.
  private func otherStage(of officerID: String, than stage: Stage) -> Stage? {
    self.opinions.first { $0.officerID == officerID && $0.stage != stage }?.stage
  }

  private func violations(of draft: OpinionDraft) -> [ServiceError.Violation] {
    var defects = DefectList()
    if draft.stage == nil { defects.add(.valueUnknown, at: "stage") }
    if draft.decision == nil { defects.add(.valueUnknown, at: "decision") }
    if draft.stage == .approve && draft.decision == .supplement {
      defects.add(.decisionNotAtStage, at: "decision")
    }
    defects.add(
      TextRules.defects(
        of: draft.text, charactersMax: Opinion.textCharactersMax, isRequired: false),
      at: "text")
    self.check(draft, into: &defects)
    return defects.violations + self.omissions(of: draft)
  }

  private func check(_ draft: OpinionDraft, into defects: inout DefectList) {
    if draft.decision == .pass && !draft.reasons.isEmpty {
      defects.add(.fieldNotWanted, at: "reasons")
    }
    if draft.decision != .pass && draft.reasons.isEmpty {
      defects.add(.fieldMissing, at: "reasons")
    }
    if draft.reasons.count > CaseReason.countMax { defects.add(.numberOutOfRange, at: "reasons") }
    let known = self.knownCodes
    let notified = draft.decision == .supplement ? self.notifiedCodes : []
    var seen: Set<String> = []
    for (index, reason) in draft.reasons.prefix(CaseReason.countMax).enumerated() {
      let path = "reasons[\(index)]"
      if !known.contains(reason.code) { defects.add(.reasonUnknown, at: "\(path).code") }
      if !seen.insert(reason.code).inserted { defects.add(.reasonRepeated, at: "\(path).code") }
      if notified.contains(reason.code) {
        defects.add(.reasonAlreadyNotified, at: "\(path).code")
      }
      defects.add(
        TextRules.defects(
          of: reason.withSentence.text, charactersMax: CaseReason.textCharactersMax),
        at: "\(path).text")
    }
  }

  /// A refusal tells everything at once: it names each failed finding, and after a refused issue
  /// each reason of the registry (Zhejiang Regulation, Art. 18). So does 不予受理, except where another
  /// office is competent: that office looks into the findings, this one has no say in them. The
  /// reviewer only advises; the approver's refusal is what the applicant is told.
  private func omissions(of draft: OpinionDraft) -> [ServiceError.Violation] {
    guard draft.decision == .refuse else { return [] }
    let named = Set(draft.reasons.map(\.code))
    switch draft.stage {
    case .accept where named.contains(OfficerReason.officeNotCompetent.rawValue): return []
    case .accept, .approve: break
    case .review, nil: return []
    }
    let outcome = draft.stage == .accept ? "不予受理" : "不予通过"
    return self.codesToName.filter { !named.contains($0) }.map { code in
      ServiceError.Violation(
        field: "reasons", reason: DefectReason.reasonOmitted.rawValue,
        english: "The refusal does not name \(code).", chinese: "\(outcome)的理由未列明:\(code)。")
    }
  }

  /// What a refusal must name.
  var codesToName: [String] {
    let failed = self.origin.failedRules
    return failed + self.issueRefusedReasons.map(\.code).filter { !failed.contains($0) }
  }

  private var knownCodes: Set<String> {
    Set(OfficerReason.allCases.map(\.rawValue)).union(self.codesToName)
  }

  /// What earlier notices named; it cannot be asked for a second time.
  private var notifiedCodes: Set<String> {
    Set(self.opinions.filter { $0.decision == .supplement }.flatMap(\.reasons).map(\.code))
  }
}

extension CaseReason {
  /// With the catalogue's sentence where the officer wrote none.
  var withSentence: CaseReason {
    guard self.text.isEmpty, let known = OfficerReason(rawValue: self.code) else { return self }
    return CaseReason(code: self.code, text: known.chinese)
  }
}
