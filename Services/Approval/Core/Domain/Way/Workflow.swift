import DomainModel

/// The way of one kind's cases through the offices, as a version of the policy has it. Made when
/// the service starts, so that no case ever enters a way that does not lead to its end.
struct Workflow: Hashable, Sendable {
  /// One stage of the way.
  struct Step: Hashable, Sendable {
    let stage: Stage
    /// The kinds of office that sign here.
    let offices: Set<Office.Kind>
    /// Within how many working days; nil where only the kind's own terms bound it.
    let workingDays: Int?
  }

  /// Of what.
  let kind: ApplicationKind
  /// The stages in order; the first is accept or confirm.
  let steps: [Step]

  /// The way of a kind. Throws `WorkflowFlaw` for one on which a case could not be decided, refused
  /// or ended, or wait for something without a term.
  init(_ policy: KindPolicy) throws(WorkflowFlaw) {
    var steps: [Step] = []
    // From its end: that a thing without an office of its own is done sees the office that has it
    // next.
    for stage in policy.stages.reversed() {
      let offices = stage.offices.isEmpty ? steps.first?.offices ?? [] : stage.offices
      steps.insert(
        Step(stage: Stage(stage.step), offices: offices, workingDays: stage.workingDays), at: 0)
    }
    self.kind = policy.kind
    self.steps = steps
    if let reason = self.flaw {
      throw WorkflowFlaw(kind: policy.kind, reason: reason)
    }
  }

  /// The first stage: whoever signs it takes the application up.
  var first: Stage { self.steps.first?.stage ?? .accept }

  /// Whether one officer decides alone.
  var isConfirmed: Bool { self.first == .confirm }

  /// The stage whose opinion is the decision.
  var deciding: Stage { self.isConfirmed ? .confirm : .approve }

  /// Whether the decision changes something at the registry; a slip (确认单) is its own record.
  var hasEffect: Bool { self.kind != .confirmationSlip }

  /// A stage of the way; nil for one that this kind has not.
  func step(_ stage: Stage) -> Step? { self.steps.first { $0.stage == stage } }

  /// The stage after another one; nil after the last.
  func next(after stage: Stage) -> Stage? {
    guard let index = self.steps.firstIndex(where: { $0.stage == stage }) else { return nil }
    return self.steps.dropFirst(index + 1).first?.stage
  }

  /// Where a case stands after an event.
  func state(after event: CaseEvent, from state: CaseState) -> CaseState {
    switch event {
    case .accepted, .deemedAccepted: self.state(after: .accept)
    case .supplementNeeded(let opinion):
      opinion.stage == self.first ? .awaitingSupplement : .reviewSupplement
    case .notAccepted: .notAccepted
    case .reviewed: self.state(after: .review)
    case .approved, .confirmed: .approved
    case .refused: .refused
    case .supplemented:
      state == .awaitingSupplement ? CaseState(waitingAt: self.first) : .awaitingReview
    case .effected, .supplementLapsed, .alarmed, .paused, .clockResumed, .extended, .recounted,
      .moved, .held, .holdReleased:
      state
    case .issued: self.state(after: self.deciding)
    case .issueRefused: .issueRefused
    case .handled(let opinion): self.state(after: opinion.stage)
    case .withdrawn: .withdrawn
    case .closed: .closed
    case .expedited: state
    }
  }

  /// Where a case stands once a stage is done: at the next one, or at its end.
  func state(after stage: Stage) -> CaseState {
    self.next(after: stage).map(CaseState.init(waitingAt:)) ?? .completed
  }

  /// The state in which intake knows a lost case to have stood, as this way has it: intake tells
  /// only whether it is accepted, and where one officer decides, what was told as accepted is
  /// decided again.
  func standing(_ state: CaseState) -> CaseState {
    guard self.isConfirmed else { return state }
    switch state {
    case .awaitingAcceptance, .awaitingReview: return .awaitingConfirmation
    case .reviewSupplement: return .awaitingSupplement
    default: return state
    }
  }
}
