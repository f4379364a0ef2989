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
  /// An officer concludes, or decides.
  case conclude(ConclusionDraft, InspectionCaller)
  /// The registry has cancelled the permit.
  case recordCancellation
  /// The registry would not, with all its reasons; `isOver` where the permit had ended already.
  case recordRefusal([CaseReason], isOver: Bool)
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
      defects.add(
        TextRules.defects(
          of: self.decisionNumber, charactersMax: Inspection.numberCharactersMax),
        at: "conclusion.decision_number")
      if self.penalty == nil { defects.add(.valueUnknown, at: "conclusion.penalty") }
      let fines = self.penalty == .fine ? 1...max(1, fineYuanMax) : 0...0
      if self.penalty != nil, !fines.contains(self.fineYuan) || self.fineYuan > fineYuanMax {
        defects.add(.numberOutOfRange, at: "conclusion.fine_yuan")
      }
      let penalty = InspectionConclusion.Penalty(
        decisionNumber: self.decisionNumber, fineYuan: self.fineYuan)
      return InspectionConclusion(outcome: .fraud(penalty), findings: self.findings)
    }
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
    }
  }

  private static func word(_ conclusion: InspectionConclusion) -> String {
    guard let penalty = conclusion.penalty else { return "nothing_found" }
    return "fraud \(penalty.decisionNumber) fine \(penalty.fineYuan)"
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
    }
    return next
  }
}
