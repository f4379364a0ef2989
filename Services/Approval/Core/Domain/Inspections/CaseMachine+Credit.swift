import DomainModel

// The record of a fraud can be disputed (rules, Approval: finding of fraud; Zhejiang Public Credit
// Information Regulation, Arts. 30 to 32).
extension CaseMachine {
  /// What a dispute comes to: the record says something else, or is withdrawn. Who decides could
  /// decide the case, and has taken no part in the inspection: nobody judges what he has found
  /// himself.
  func settle(
    _ draft: CreditDisputeDraft, _ inspection: Inspection, of file: ApprovalCase,
    by caller: InspectionCaller, _ now: Timestamp
  ) -> Result<InspectionEvent?, ServiceError> {
    var objections = self.objections(
      to: caller, for: InspectionPart.decide.stages, of: inspection, file, now)
    if let part = inspection.officers[caller.officer.id] {
      objections.append(.alreadyInInspection(as: part))
    }
    let state = inspection.credit(at: now)?.state
    if state?.isLive != true { objections.append(.creditWrongState(state)) }
    var defects = DefectList()
    defects.add(
      TextRules.defects(of: draft.reason, charactersMax: Inspection.textCharactersMax),
      at: "reason")
    let penalty = draft.correction?.checked(
      fineYuanMax: self.terms.policy.inspections.fineYuanMax, &defects)
    if !defects.violations.isEmpty { objections.append(.invalid(defects.violations)) }
    guard objections.isEmpty else { return .failure(inspection.refusal(objections)) }
    let dispute = CreditDispute(reason: draft.reason, signature: caller.signature(at: now))
    return .success(
      penalty.map { .creditCorrected($0, dispute) } ?? .creditWithdrawn(dispute))
  }
}
