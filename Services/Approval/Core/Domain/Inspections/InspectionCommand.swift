import DomainModel

/// What an officer wants to inspect, and why.
struct InspectionDraft: Hashable, Sendable {
  var officer: Officer
  /// Whether the case is about him.
  var isParty = false
  var grounds: String
  /// As sent.
  var servedOn: String
}

/// What somebody wants to happen to an inspection.
enum InspectionCommand: Hashable, Sendable {
  /// An officer writes down what the holder said.
  case state(text: String, isWaived: Bool, InspectionCaller)
  /// An officer concludes, or decides, on what somebody has done who was born on this day; nil
  /// where that is not known.
  case conclude(ConclusionDraft, bornOn: CivilDate?, InspectionCaller)
  /// The registry has cancelled the permit.
  case recordCancellation
  /// The registry would not, with all its reasons; `isOver` where the permit had ended already.
  case recordRefusal([CaseReason], isOver: Bool)
  /// The permit has ended: the fraud is recorded, where one was found, of somebody who was born on
  /// this day; nil where that is not known.
  case recordCredit(bornOn: CivilDate?)
  /// An officer decides on the dispute of that record.
  case settle(CreditDisputeDraft, InspectionCaller)
}

/// Who acts on an inspection, and on which version.
struct InspectionCaller: Hashable, Sendable {
  var officer: Officer
  /// The version he read.
  var expectedVersion: Int64
  /// Whether the case is about him.
  var isParty = false
}

/// A conclusion as sent: not yet checked.
struct ConclusionDraft: Hashable, Sendable {
  /// Nil where the request named none that is known.
  var outcome: Outcome?
  var findings: String
  var decisionNumber: String
  var penalty: PenaltyKind?
  var fineYuan: Int

  enum Outcome: Hashable, Sendable {
    case nothingFound
    case fraud
  }

  enum PenaltyKind: Hashable, Sendable {
    case notImposed
    case warning
    case fine
  }

  /// The conclusion; nil once its defects were noted. No fine is higher than `fineYuanMax`.
  func checked(fineYuanMax: Int, _ defects: inout DefectList) -> InspectionConclusion? {
    defects.add(
      TextRules.defects(of: self.findings, charactersMax: Inspection.textCharactersMax),
      at: "conclusion.findings")
    switch self.outcome {
    case nil:
      defects.add(.valueUnknown, at: "conclusion.outcome")
      return nil
    case .nothingFound:
      if !self.decisionNumber.isEmpty {
        defects.add(.fieldNotWanted, at: "conclusion.decision_number")
      }
      if self.penalty != nil { defects.add(.fieldNotWanted, at: "conclusion.penalty") }
      if self.fineYuan != 0 { defects.add(.fieldNotWanted, at: "conclusion.fine_yuan") }
      return InspectionConclusion(outcome: .nothingFound, findings: self.findings)
    case .fraud:
      let draft = PenaltyDraft(
        decisionNumber: self.decisionNumber, kind: self.penalty, fineYuan: self.fineYuan)
      let penalty = draft.checked(fineYuanMax: fineYuanMax, within: "conclusion.", &defects)
      return InspectionConclusion(outcome: .fraud(penalty), findings: self.findings)
    }
  }
}

/// A penalty as sent: not yet checked.
struct PenaltyDraft: Hashable, Sendable {
  var decisionNumber: String
  /// Nil where the request named none that is known.
  var kind: ConclusionDraft.PenaltyKind?
  var fineYuan: Int

  /// The penalty, good where no defects were noted; `path` is where its fields stand. No fine is
  /// higher than `fineYuanMax`.
  func checked(
    fineYuanMax: Int, within path: String = "", _ defects: inout DefectList
  ) -> InspectionConclusion.Penalty {
    defects.add(
      TextRules.defects(of: self.decisionNumber, charactersMax: Inspection.numberCharactersMax),
      at: "\(path)decision_number")
    if self.kind == nil { defects.add(.valueUnknown, at: "\(path)penalty") }
    let fines = self.kind == .fine ? 1...max(1, fineYuanMax) : 0...0
    if self.kind != nil, !fines.contains(self.fineYuan) || self.fineYuan > fineYuanMax {
      defects.add(.numberOutOfRange, at: "\(path)fine_yuan")
    }
    let kind: InspectionConclusion.Penalty.Kind =
      switch self.kind {
      case .fine: .fine(yuan: self.fineYuan)
      case .warning: .warning
      case .notImposed, nil: .notImposed
      }
    return InspectionConclusion.Penalty(decisionNumber: self.decisionNumber, kind: kind)
  }
}

/// What happened to an inspection.
enum InspectionEvent: Hashable, Sendable {
  case opened
  case stated(InspectionStatement)
  case proposed(InspectionConclusion, InspectionSignature)
  /// The second officer says something else: it is concluded anew.
  case returned(InspectionConclusion, InspectionSignature)
  /// The second officer says the same, with findings of his own.
  case decided(findings: String, InspectionSignature)
  case cancelled(at: Timestamp)
  case refused([CaseReason])
  case overtaken([CaseReason])
  /// The fraud is recorded, here and at the platforms.
  case creditRecorded(InspectionConclusion.Penalty, at: Timestamp)
  case creditCorrected(InspectionConclusion.Penalty, CreditDispute)
  case creditWithdrawn(CreditDispute)
  /// The record's years are over.
  case creditErased(at: Timestamp)

  /// Whether the platforms are told of it.
  var isOfCredit: Bool {
    switch self {
    case .creditRecorded, .creditCorrected, .creditWithdrawn, .creditErased: true
    case .opened, .stated, .proposed, .returned, .decided, .cancelled, .refused, .overtaken: false
    }
  }

  /// The action's name in the case's history.
  var action: String {
    switch self {
    case .opened: "inspection_opened"
    case .stated: "inspection_statement"
    case .proposed: "inspection_proposed"
    case .returned: "inspection_returned"
    case .decided: "inspection_decided"
    case .cancelled: "inspection_cancelled"
    case .refused: "inspection_refused"
    case .overtaken: "inspection_overtaken"
    case .creditRecorded: "credit_recorded"
    case .creditCorrected: "credit_corrected"
    case .creditWithdrawn: "credit_withdrawn"
    case .creditErased: "credit_erased"
    }
  }

  /// What stands beside it in the case's history, for an inspection as it stands after.
  func detail(of inspection: Inspection) -> String {
    let id = inspection.id.text
    switch self {
    case .opened: return id
    case .stated(let statement): return "\(id) \(statement.isWaived ? "waived" : "heard")"
    case .proposed(let conclusion, _), .returned(let conclusion, _):
      return "\(id) \(Self.word(conclusion)): \(conclusion.findings)"
    case .decided(let findings, _):
      return "\(id) \(inspection.conclusion.map(Self.word) ?? ""): \(findings)"
    case .cancelled: return id
    case .refused(let reasons), .overtaken(let reasons):
      return "\(id) \(reasons.map(\.code).joined(separator: ","))"
    case .creditRecorded(let penalty, _):
      return "\(id) \(Self.word(penalty)) until \(inspection.creditKeptUntil?.iso ?? "")"
    case .creditCorrected(let penalty, let dispute):
      return "\(id) \(Self.word(penalty)): \(dispute.reason)"
    case .creditWithdrawn(let dispute): return "\(id) \(dispute.reason)"
    case .creditErased: return id
    }
  }

  private static func word(_ conclusion: InspectionConclusion) -> String {
    conclusion.penalty.map { "fraud \(Self.word($0))" } ?? "nothing_found"
  }

  private static func word(_ penalty: InspectionConclusion.Penalty) -> String {
    let penalised = penalty.kind == .notImposed ? "no penalty" : "fine \(penalty.fineYuan)"
    return "\(penalty.decisionNumber) \(penalised)"
  }
}

extension Inspection {
  /// The inspection after an event.
  func applying(_ event: InspectionEvent) -> Inspection {
    var next = self
    next.version += 1
    switch event {
    case .opened: break
    case .stated(let statement): next.statement = statement
    case .proposed(let conclusion, let signature):
      next.state = .proposed
      next.conclusion = conclusion
      next.proposed = signature
      next.officers[signature.officerID] = .propose
    case .returned(_, let signature):
      next.state = .open
      next.conclusion = nil
      next.proposed = nil
      next.officers[signature.officerID] = .decide
    case .decided(let findings, let signature):
      next.decided = signature
      next.decidedFindings = findings
      next.officers[signature.officerID] = .decide
      next.state = next.conclusion?.penalty == nil ? .cleared : .fraudFound
      if next.state == .fraudFound { next.ordersCount += 1 }
    case .cancelled(let at):
      next.state = .cancelled
      next.cancelledAt = at
      next.refusedReasons = []
    case .refused(let reasons):
      next.state = .cancellationRefused
      next.refusedReasons = reasons
    case .overtaken(let reasons):
      next.state = .overtaken
      next.refusedReasons = reasons
    case .creditRecorded, .creditCorrected, .creditWithdrawn, .creditErased:
      next.credit = self.credit(after: event)
    }
    return next
  }
}
