import DomainModel

/// Why a way through the offices cannot be gone.
struct WorkflowFlaw: Error, Hashable, CustomStringConvertible {
  let kind: ApplicationKind
  let reason: String

  var description: String { "\(self.kind.rawValue): \(self.reason)" }
}

extension Workflow {
  /// What is wrong with the way, nil where every case on it can be ended in time.
  var flaw: String? {
    let stages = self.steps.map(\.stage)
    if Set(stages).count != stages.count { return "a stage stands twice" }
    let opinions = stages.filter(\.hasOpinion)
    guard opinions == [.confirm] || opinions == [.accept, .review, .approve] else {
      return "one officer confirms, or three accept, review and approve in that order"
    }
    if stages.first?.hasOpinion != true { return "it begins before anybody has taken it up" }
    if Set(opinions.map(\.role)).count != opinions.count { return "somebody could sign twice" }
    return self.flawOfHandling ?? self.flawOfStates
  }

  private var flawOfHandling: String? {
    let stages = self.steps.map(\.stage)
    for step in self.steps where !step.stage.hasOpinion {
      let isAfter = stages.prefix { $0 != step.stage }.contains(self.deciding)
      if isAfter != step.stage.followsEffect {
        return "\(step.stage.rawValue) is \(isAfter ? "after" : "before") the decision"
      }
      if step.workingDays == nil { return "\(step.stage.rawValue) has no term" }
    }
    for step in self.steps where step.offices.isEmpty {
      return "nobody sees when \(step.stage.rawValue) is done"
    }
    return nil
  }

  /// Every state that a case can be in is left again: it is followed from the first one by all that
  /// can be decided, and the decision, a refusal and the end must be among what is found.
  private var flawOfStates: String? {
    var found: Set<CaseState> = []
    var waiting = [CaseState(waitingAt: self.first)]
    while let state = waiting.popLast() {
      guard found.insert(state).inserted else { continue }
      let next = self.following(state)
      if next.isEmpty != state.isClosed { return "\(state.rawValue) is never left" }
      if !state.isClosed, self.terms(of: state).isEmpty {
        return "\(state.rawValue) has no term after which somebody else hears of it"
      }
      waiting += next
    }
    for state in [CaseState.approved, .completed, .refused, .notAccepted]
    where !found.contains(state) {
      return "\(state.rawValue) is never reached"
    }
    for step in self.steps where !found.contains(CaseState(waitingAt: step.stage)) {
      return "\(step.stage.rawValue) is never reached"
    }
    return nil
  }

  /// The terms after which something happens to a case that stands there, whoever does nothing: it
  /// is escalated, accepted by law, or can be ended without the applicant.
  private func terms(of state: CaseState) -> Set<CaseTerm> {
    switch state.waitingFor {
    case .nobody: []
    case .applicant: [.supplement]
    case .officer(.accept): [.guarding]
    case .officer(.make), .officer(.notify):
      self.steps.contains { CaseState(waitingAt: $0.stage) == state && $0.workingDays != nil }
        ? [.stage] : []
    case .officer, .decider, .registry: [.promise, .statute]
    }
  }

  /// Where a case can stand next.
  private func following(_ state: CaseState) -> [CaseState] {
    switch state {
    case .awaitingAcceptance: [self.state(after: .accept), .awaitingSupplement, .notAccepted]
    case .awaitingConfirmation: [.approved, .awaitingSupplement, .notAccepted]
    case .awaitingSupplement: [CaseState(waitingAt: self.first), .notAccepted]
    case .awaitingForwarding: [self.state(after: .forward)]
    case .awaitingReview: [self.state(after: .review), .reviewSupplement]
    case .reviewSupplement: [.awaitingReview, .refused]
    case .awaitingApproval, .issueRefused: [.approved, .refused]
    case .approved: [self.state(after: self.deciding), .issueRefused]
    case .awaitingMaking: [self.state(after: .make)]
    case .awaitingNotification: [self.state(after: .notify)]
    case .completed, .notAccepted, .refused, .withdrawn, .closed: []
    }
  }
}
