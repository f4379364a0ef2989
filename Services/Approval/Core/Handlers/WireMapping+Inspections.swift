import DomainModel
import ServiceCore
import Wire

// Inspections on the wire.

extension ConclusionDraft {
  init(_ wire: ApprovalV1.InspectionConclusion) {
    self.init(
      outcome: Outcome(wire.outcome), findings: wire.findings,
      decisionNumber: wire.decisionNumber, penalty: PenaltyKind(wire.penalty),
      fineYuan: Int(wire.fineYuan))
  }
}

extension ConclusionDraft.Outcome {
  /// Nil for what the contract does not name.
  fileprivate init?(_ wire: ApprovalV1.InspectionOutcome) {
    switch wire {
    case .nothingFound: self = .nothingFound
    case .fraud: self = .fraud
    case .unspecified, .unrecognized: return nil
    }
  }
}

extension ConclusionDraft.PenaltyKind {
  /// Nil for what the contract does not name.
  init?(_ wire: ApprovalV1.Penalty) {
    switch wire {
    case .notImposed: self = .notImposed
    case .warning: self = .warning
    case .fine: self = .fine
    case .unspecified, .unrecognized: return nil
    }
  }
}

extension ApprovalV1.InspectionState {
  init(_ state: InspectionState) {
    switch state {
    case .open: self = .open
    case .proposed: self = .proposed
    case .cleared: self = .cleared
    case .fraudFound: self = .fraudFound
    case .cancelled: self = .cancelled
    case .cancellationRefused: self = .cancellationRefused
    case .overtaken: self = .overtaken
    }
  }
}

extension ApprovalV1.InspectionSignature {
  init(_ signature: InspectionSignature) {
    self.init(
      officerID: signature.officerID, officeCode: signature.officeCode,
      signedAtMs: signature.at.milliseconds)
  }
}

extension ApprovalV1.InspectionConclusion {
  fileprivate init(_ conclusion: InspectionConclusion) {
    guard let penalty = conclusion.penalty else {
      self.init(outcome: .nothingFound, findings: conclusion.findings)
      return
    }
    self.init(
      outcome: .fraud, findings: conclusion.findings, decisionNumber: penalty.decisionNumber,
      penalty: .init(penalty), fineYuan: Int32(penalty.fineYuan))
  }
}

extension ApprovalV1.Inspection {
  init(_ inspection: Inspection, statementDue: DueDate, credit: ApprovalV1.CreditRecord?) {
    self.init(
      inspectionID: inspection.id.text, version: inspection.version,
      state: .init(inspection.state), caseID: inspection.caseID.text,
      applicationID: inspection.applicationID,
      certificateIdentifier: inspection.certificateIdentifier, grounds: inspection.grounds,
      opened: .init(inspection.opened), noticeServedOn: inspection.servedOn.iso,
      statementDue: .init(statementDue),
      statement: inspection.statement.map { statement in
        ApprovalV1.InspectionStatement(
          text: statement.text, waived: statement.isWaived,
          signature: .init(statement.signature))
      },
      conclusion: inspection.conclusion.map { .init($0) },
      proposed: inspection.proposed.map { .init($0) },
      decided: inspection.decided.map { .init($0) },
      cancelledAtMs: inspection.cancelledAt?.milliseconds ?? 0,
      refusedReasons: inspection.refusedReasons.map { .init($0) },
      decidedFindings: inspection.decidedFindings ?? "", credit: credit)
  }
}
