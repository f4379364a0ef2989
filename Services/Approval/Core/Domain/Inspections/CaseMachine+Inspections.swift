import DomainModel

// The finding of fraud by its steps (rules, Approval): notice of the facts, statement and defence,
// a decision by two officers. On suspicion nothing leaves this service.
extension CaseMachine {
  /// The last day on which the holder can speak.
  func statementDue(servedOn day: CivilDate) -> DueDate {
    self.terms.calendar.dueDate(
      after: day, workingDays: self.terms.policy.inspections.statementWorkingDays)
  }

  /// Opens an inspection of the permit that a case ended in; or every reason why not.
  func open(
    _ draft: InspectionDraft, of file: ApprovalCase, as id: ID<Inspection>, now: Timestamp
  ) -> Result<Inspection, CaseRefusal> {
    var objections = self.objections(
      to: draft.officer, for: InspectionPart.open.stages, isParty: draft.isParty, of: file, now)
    let certificate = file.effect?.certificateIdentifier ?? ""
    let isOfOfficers = self.workflow.step(.review) != nil && self.workflow.step(.approve) != nil
    let isLive = file.effect?.validTo != nil && !certificate.isEmpty
    if !file.state.isInEffect || !isLive || !isOfOfficers { objections.append(.wrongState) }
    var defects = DefectList()
    defects.add(
      TextRules.defects(of: draft.grounds, charactersMax: Inspection.textCharactersMax),
      at: "grounds")
    let servedOn = CivilDate(iso: draft.servedOn)
    if servedOn == nil { defects.add(.dateInvalid, at: "notice_served_on") }
    if let servedOn, servedOn > CivilDate(of: now) {
      defects.add(.dateInFuture, at: "notice_served_on")
    }
    if let servedOn, let effect = file.effect, servedOn < CivilDate(of: effect.at) {
      defects.add(.dateTooEarly, at: "notice_served_on")
    }
    if !defects.violations.isEmpty { objections.append(.invalid(defects.violations)) }
    guard objections.isEmpty, let servedOn else { return .failure(file.refusal(objections)) }
    let opened = InspectionSignature(
      officerID: draft.officer.id, officeCode: draft.officer.office, at: now)
    return .success(
      Inspection(
        id: id, caseID: file.id, applicationID: file.origin.applicationID,
        certificateIdentifier: certificate, officeCode: file.origin.officeCode,
        bureauCode: file.origin.bureauCode, grounds: draft.grounds, servedOn: servedOn,
        opened: opened, officers: [draft.officer.id: .open]))
  }

  /// What a command does to an inspection: an event, none where the registry has said it before, or
  /// every reason why not, as its sender reads it.
  func decide(
    _ inspection: Inspection, of file: ApprovalCase, _ command: InspectionCommand,
    now: Timestamp
  ) -> Result<InspectionEvent?, ServiceError> {
    switch command {
    case .state(let text, let isWaived, let caller):
      return self.state(text, isWaived, inspection, of: file, by: caller, now)
    case .conclude(let draft, let birthDate, let caller):
      return self.conclude(draft, of: birthDate, inspection, of: file, by: caller, now)
    case .recordCancellation:
      return self.answered(.cancelled(at: now), inspection)
    case .recordRefusal(let reasons, let isOver):
      return self.answered(isOver ? .overtaken(reasons) : .refused(reasons), inspection)
    case .recordCredit(let birthDate):
      return .success(inspection.creditRecording(of: birthDate, at: now))
    case .settle(let draft, let caller):
      return self.settle(draft, inspection, of: file, by: caller, now)
    }
  }

  private func answered(
    _ event: InspectionEvent, _ inspection: Inspection
  ) -> Result<InspectionEvent?, ServiceError> {
    if inspection.state == .fraudFound { return .success(event) }
    if inspection.applying(event).state == inspection.state { return .success(nil) }
    return .failure(inspection.refusal([.inspectionWrongState]))
  }

  private func state(
    _ text: String, _ isWaived: Bool, _ inspection: Inspection, of file: ApprovalCase,
    by caller: InspectionCaller, _ now: Timestamp
  ) -> Result<InspectionEvent?, ServiceError> {
    var objections = self.objections(
      to: caller, for: InspectionPart.open.stages, of: inspection, file, now)
    if inspection.state != .open || inspection.statement != nil {
      objections.append(.inspectionWrongState)
    }
    var defects = DefectList()
    if isWaived, !text.isEmpty { defects.add(.fieldNotWanted, at: "text") }
    defects.add(
      TextRules.defects(
        of: text, charactersMax: Inspection.textCharactersMax, isRequired: !isWaived),
      at: "text")
    if !defects.violations.isEmpty { objections.append(.invalid(defects.violations)) }
    guard objections.isEmpty else { return .failure(inspection.refusal(objections)) }
    return .success(
      .stated(InspectionStatement(text: text, signature: caller.signature(at: now))))
  }

  /// The first officer concludes; the second says the same, and it is decided, or something else,
  /// and it is concluded anew.
  private func conclude(
    _ draft: ConclusionDraft, of birthDate: CivilDate?, _ inspection: Inspection,
    of file: ApprovalCase, by caller: InspectionCaller, _ now: Timestamp
  ) -> Result<InspectionEvent?, ServiceError> {
    let part = inspection.state.awaited
    var objections = self.objections(
      to: caller, for: (part ?? .decide).stages, of: inspection, file, now)
    if part == nil { objections.append(.inspectionWrongState) }
    if let part, let other = inspection.officers[caller.officer.id], other != part {
      objections.append(.alreadyInInspection(as: other))
    }
    let due = self.statementDue(servedOn: inspection.servedOn)
    if inspection.statement == nil, now < due.instant {
      objections.append(.statementPending(until: due.date))
    }
    var defects = DefectList()
    let conclusion = draft.checked(
      fineYuanMax: self.terms.policy.inspections.fineYuanMax, &defects)
    let actedOn = CivilDate(of: file.origin.submittedAt)
    if inspection.state == .cancellationRefused {
      // What is decided is not taken back because the registry could not carry it out yet.
      if let conclusion, conclusion.outcome != inspection.conclusion?.outcome {
        defects.add(.valueUnknown, at: "conclusion.outcome")
      }
    } else if conclusion?.penalty?.strikesChild(bornOn: birthDate, actedOn: actedOn) == true {
      objections.append(.penaltyUnderAge)
    }
    if !defects.violations.isEmpty { objections.append(.invalid(defects.violations)) }
    guard objections.isEmpty, let conclusion else {
      return .failure(inspection.refusal(objections))
    }
    let signature = caller.signature(at: now)
    switch inspection.state {
    case .open: return .success(.proposed(conclusion, signature))
    default:
      let isAgreed = conclusion.outcome == inspection.conclusion?.outcome
      return .success(
        isAgreed
          ? .decided(findings: conclusion.findings, signature)
          : .returned(conclusion, signature))
    }
  }

  /// What stands against an officer's doing something to an inspection: he must be one who could
  /// sign one of these stages of its case.
  func objections(
    to caller: InspectionCaller, for stages: [Stage], of inspection: Inspection,
    _ file: ApprovalCase, _ now: Timestamp
  ) -> [Objection] {
    var objections = self.objections(
      to: caller.officer, for: stages, isParty: caller.isParty, of: file, now)
    if caller.expectedVersion != inspection.version { objections.append(.versionStale) }
    return objections
  }

  private func objections(
    to officer: Officer, for stages: [Stage], isParty: Bool, of file: ApprovalCase,
    _ now: Timestamp
  ) -> [Objection] {
    var objections: [Objection] = []
    let rules = self.opinionRules(of: file, now: now)
    if !stages.contains(where: { rules.isRight(officer, for: $0) }) {
      objections.append(.wrongOffice)
    }
    if rules.mustRecuse(officer, isParty: isParty) { objections.append(.mustRecuse) }
    return objections
  }
}

extension InspectionCaller {
  func signature(at now: Timestamp) -> InspectionSignature {
    InspectionSignature(
      officerID: self.officer.id, officeCode: self.officer.office, at: now)
  }
}

extension Inspection {
  /// A refusal that says how the inspection stands.
  func refusal(_ objections: [Objection]) -> ServiceError {
    CaseRefusal.error(objections, state: self.state.rawValue, version: self.version)
  }
}
