import DomainModel

/// The rules an opinion must keep. All of them are looked at, the gravest first: whoever has
/// nothing to do with the case, then whoever read it too early, then what was sent.
struct OpinionRules {
  let file: ApprovalCase
  let workflow: Workflow
  let offices: CaseOffices
  let today: CivilDate
  let now: Timestamp
  /// The stage that may refuse, and do nothing else, because a once-only notice was never answered.
  var lapsed: Stage?
  /// Who is there at the offices of the case.
  var people = DeskPeople()

  /// Everything that speaks against a draft; empty where it may be signed.
  func objections(to draft: OpinionDraft) -> [Objection] {
    var objections: [Objection] = []
    if !self.isRight(draft.officer, for: draft.stage) { objections.append(.wrongOffice) }
    if self.mustRecuse(draft.officer, isParty: draft.isParty) { objections.append(.mustRecuse) }
    if draft.expectedVersion != self.file.version { objections.append(.versionStale) }
    if self.file.isOnHold { objections.append(.onHold) }
    if draft.stage != nil, self.file.openPause != nil { objections.append(.clockPaused) }
    let endsLapsed = draft.decision == .refuse && draft.stage == self.lapsed
    if let stage = draft.stage, stage != self.file.openStage, !endsLapsed {
      objections.append(.wrongState)
    }
    if let stage = draft.stage, let other = self.otherStage(of: draft.officer.id, than: stage) {
      objections.append(.alreadyInCase(as: other))
    }
    if draft.claimNumber != 0, !self.holds(draft.officer.id, underClaim: draft.claimNumber) {
      objections.append(.claimLost)
    }
    if endsLapsed || draft.stage == self.file.workStage {
      objections += self.objectionsOfDesk(to: draft.officer.id)
    }
    let violations = self.violations(of: draft)
    if !violations.isEmpty { objections.append(.invalid(violations)) }
    return objections
  }

  /// Whether an officer keeps out of the case: it is about him, or he has said so (回避).
  func mustRecuse(_ officer: Officer, isParty: Bool) -> Bool {
    isParty || self.file.desk.recused.contains(officer.id)
  }

  /// Whether an officer has the case by this claim: it has not run out, nor was it given back.
  private func holds(_ officerID: String, underClaim number: Int64) -> Bool {
    let desk = self.file.desk
    return number == desk.claimNumber && desk.holder(at: self.now)?.officerID == officerID
  }

  /// What stands against an officer's doing what the case waits for, because another one has it:
  /// the claim of who is away binds nobody, nor does what waits for him by name.
  func objectionsOfDesk(to officerID: String) -> [Objection] {
    var objections: [Objection] = []
    let (file, named) = (self.file, self.file.namedOfficer)
    if !named.isEmpty, let stage = file.workStage,
      let only = self.people.standIn(
        for: named, of: file.workOffice, as: stage.role, unless: file.isBarred),
      only != officerID
    {
      objections.append(file.state == .issueRefused ? .ofAnotherOfficer : .assignedToAnother)
    }
    if let hold = file.desk.holder(at: self.now), hold.officerID != officerID,
      !self.people.isAbsent(hold.officerID, of: hold.officeCode)
    {
      objections.append(.heldByAnother(hold))
    }
    return objections
  }

  /// An officer of an office that the policy has for the stage, in the stage's role.
  func isRight(_ officer: Officer, for stage: Stage?) -> Bool {
    let steps = self.workflow.steps.filter { stage == nil || $0.stage == stage }
    // A stage that this kind has not is told as such to whoever takes part in the case.
    return (steps.isEmpty ? self.workflow.steps : steps).contains { step in
      (stage == nil || officer.role == stage?.role)
        && self.offices.offices(for: step, of: self.file.origin, on: self.today)
          .contains(officer.office)
    }
  }

  /// The stage that an officer has signed in another role; the three opinions are three persons'.
  func otherStage(of officerID: String, than stage: Stage) -> Stage? {
    self.file.opinions.first { $0.officerID == officerID && $0.stage.role != stage.role }?.stage
  }

  private func violations(of draft: OpinionDraft) -> [ServiceError.Violation] {
    var defects = DefectList()
    if draft.stage == nil { defects.add(.valueUnknown, at: "stage") }
    if draft.decision == nil { defects.add(.valueUnknown, at: "decision") }
    if let stage = draft.stage, let decision = draft.decision {
      // Once it was decided, nothing more is asked for.
      let isLate = decision == .supplement && self.file.state == .issueRefused
      if isLate || !stage.decisions.contains(decision) {
        defects.add(.decisionNotAtStage, at: "decision")
      }
      if stage.decides, decision == .pass, self.file.lacksSubject {
        defects.add(.subjectMissing, at: "decision")
      }
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
    let known = Set(OfficerReason.allCases.map(\.rawValue)).union(self.file.codesToName)
    let notified = draft.decision == .supplement ? self.file.notifiedCodes : []
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
    let isTakenUp: Bool
    switch draft.stage {
    case .accept: isTakenUp = false
    case .approve: isTakenUp = true
    case .confirm: isTakenUp = self.file.clocks.acceptedAt != nil
    case .review, .forward, .make, .notify, nil: return []
    }
    if !isTakenUp, named.contains(OfficerReason.officeNotCompetent.rawValue) { return [] }
    let outcome = isTakenUp ? "不予通过" : "不予受理"
    return self.file.codesToName.filter { !named.contains($0) }.map { code in
      ServiceError.Violation(
        field: "reasons", reason: DefectReason.reasonOmitted.rawValue,
        english: "The refusal does not name \(code).", chinese: "\(outcome)的理由未列明:\(code)。")
    }
  }
}

extension ApprovalCase {
  /// What a refusal must name.
  var codesToName: [String] {
    let failed = self.origin.failedRules
    return failed + self.issueRefusedReasons.map(\.code).filter { !failed.contains($0) }
  }

  /// What earlier notices named; it cannot be asked for a second time.
  fileprivate var notifiedCodes: Set<String> {
    Set(self.opinions.filter { $0.decision == .supplement }.flatMap(\.reasons).map(\.code))
  }

  /// Whether there is nothing on record that the decision could change: it can only be refused.
  fileprivate var lacksSubject: Bool {
    switch self.origin.kind {
    case .endorsement, .faceDataCorrection, .cancellation:
      self.origin.subject.certificateIdentifier.isEmpty
    case .addressChange: self.origin.subject.registrationID.isEmpty
    case .firstPermit, .residenceRegistration, .contactChange, .conversionByPermit,
      .conversionByRegistration, .lossReport, .lossWithdrawal, .confirmationSlip:
      false
    }
  }
}

extension CaseReason {
  /// With the catalogue's sentence where the officer wrote none.
  var withSentence: CaseReason {
    guard self.text.isEmpty, let known = OfficerReason(rawValue: self.code) else { return self }
    return CaseReason(code: self.code, text: known.chinese)
  }
}
