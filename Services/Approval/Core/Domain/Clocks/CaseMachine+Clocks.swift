import DomainModel

// Where a case stands after an event, whose work it is, and what clocks run.
extension CaseMachine {
  /// The case after an event. Whoever had it has done his part, or has nothing to do any more, once
  /// it waits for something else.
  func applying(_ event: CaseEvent, to file: ApprovalCase) -> ApprovalCase {
    var next = self.placing(event, in: file)
    let isOver =
      event.opinion != nil || next.workStage != file.workStage || next.round != file.round
      || next.workOffice != file.workOffice
    if isOver { next.desk = next.desk.cleared }
    // It goes back to who decided, by name.
    if case .issueRefused = event { next.desk.assignee = next.decision?.officerID ?? "" }
    return next
  }

  private func placing(_ event: CaseEvent, in file: ApprovalCase) -> ApprovalCase {
    var next = file.recording(event)
    next.state = self.workflow.state(after: event, from: file.state)
    switch event {
    case .supplemented, .supplementLapsed:
      let last = next.notices.last
      next.workOffice = self.desk(of: next, since: last?.supplementedAt ?? last?.lapsedAt)
      return self.timed(next)
    case .alarmed, .paused, .clockResumed, .extended, .recounted, .expedited, .moved, .held,
      .holdReleased:
      return self.timed(next)
    default: return self.atWork(next, since: event.instant)
    }
  }

  /// The case with its desk, the term of its stage and its next timer, all since an instant.
  func atWork(_ file: ApprovalCase, since instant: Timestamp?) -> ApprovalCase {
    var next = file
    next.workOffice = self.desk(of: file, since: instant)
    next.clocks.stage = nil
    if case .officer(let stage) = file.state.waitingFor, let instant {
      next.clocks.stage = self.due(of: stage, since: CivilDate(of: instant))
    }
    return self.timed(next)
  }

  private func timed(_ file: ApprovalCase) -> ApprovalCase {
    var next = file
    next.timerAt = self.timer(of: file)?.at
    return next
  }

  /// The office whose work the case is: of those that may do it the first that has somebody for it,
  /// and where none is known to have, the first.
  func desk(of file: ApprovalCase, since instant: Timestamp?) -> String {
    let stage: Stage?
    switch file.state.waitingFor {
    case .officer(let waiting): stage = waiting
    case .applicant: stage = file.endingStage
    case .decider:
      let code = file.decision?.officeCode ?? ""
      let now = instant.map(CivilDate.init) ?? CivilDate(of: file.origin.submittedAt)
      return self.offices.table.office(code, on: now)?.code ?? code
    case .registry, .nobody: return ""
    }
    guard let step = stage.flatMap(self.workflow.step) else { return "" }
    let date = CivilDate(of: instant ?? file.origin.submittedAt)
    let codes = self.offices.offices(for: step, of: file.origin, on: date)
    let able = codes.first {
      self.people.hasAnybody(at: $0, for: step.stage.role, unless: file.isBarred)
    }
    return able ?? codes.first ?? ""
  }

  private func due(of stage: Stage, since day: CivilDate, pauses: [Pause] = []) -> DueDate? {
    self.workflow.step(stage)?.workingDays.map {
      self.terms.calendar.dueDate(after: day, workingDays: $0, pauses: pauses)
    }
  }

  /// The clocks on receipt: until acceptance its guard; where one officer decides, for whom there
  /// is no acceptance to wait for, both terms too.
  func clocks(receivedOn day: CivilDate) -> RunningClocks {
    let kind = self.workflow.kind
    var clocks = RunningClocks(acceptance: self.terms.guardDue(from: day, of: kind))
    if self.workflow.isConfirmed {
      clocks.promise = self.terms.promiseDue(acceptedOn: day, of: kind)
      clocks.statute = self.terms.statuteDue(acceptedOn: day, of: kind)
    }
    clocks.stage = self.due(of: self.workflow.first, since: day)
    return clocks
  }

  /// The clocks after a supplement: before acceptance those of receipt start again, after it the
  /// terms move by the pause, where the policy lets a supplement stop them.
  func clocks(of file: ApprovalCase, supplementedAt: Timestamp) -> RunningClocks {
    var next = file
    for index in next.notices.indices where next.notices[index].supplementedAt == nil {
      next.notices[index].supplementedAt = supplementedAt
    }
    next.state =
      file.state == .awaitingSupplement
      ? CaseState(waitingAt: self.workflow.first) : .awaitingReview
    return self.recounted(next)
  }

  /// The clocks as what happened to a case and the present calendar make them. While they stand
  /// still they are those of before: what follows is known when they go on.
  func recounted(_ file: ApprovalCase) -> RunningClocks {
    guard let acceptedAt = file.clocks.acceptedAt else {
      return self.clocks(receivedOn: file.receiptDay)
    }
    var clocks = file.clocks
    let (acceptedOn, kind) = (CivilDate(of: acceptedAt), file.origin.kind)
    let pauses = self.pauses(of: file)
    clocks.promise = self.terms.promiseDue(acceptedOn: acceptedOn, of: kind, pauses: pauses)
    clocks.statute = self.terms.statuteDue(
      acceptedOn: acceptedOn, of: kind, pauses: pauses, extendedBy: file.extensionDays)
    clocks.stage = nil
    if case .officer(let stage) = file.state.waitingFor, let start = self.stageStart(of: file) {
      let since = self.stageSpans(of: file).compactMap(\.ended)
      clocks.stage = self.due(of: stage, since: start, pauses: since)
    }
    return clocks
  }

  /// The pauses of promise and statute that are over, the oldest first.
  func pauses(of file: ApprovalCase) -> [Pause] {
    self.spans(of: file).compactMap(\.ended)
  }

  /// All pauses of promise and statute with their reasons, the oldest first; one that is not over
  /// at the end. One for a supplement is over when the notice lapses: from then on it is the office
  /// that is waited for.
  func spans(of file: ApprovalCase) -> [PausedDays] {
    let notices = self.terms.policy.supplementStopsClocks ? file.notices : []
    let supplements = notices.filter { $0.stage == .review }.map { notice in
      PausedDays(
        reason: nil, stoppedOn: CivilDate(of: notice.notifiedAt),
        resumedOn: [notice.supplementedAt, notice.lapsedAt].compactMap(\.self).min()
          .map(CivilDate.init))
    }
    let others = file.pauses.map { pause in
      PausedDays(
        reason: pause.reason, stoppedOn: CivilDate(of: pause.pausedAt),
        resumedOn: pause.resumedAt.map(CivilDate.init))
    }
    return (supplements + others).sorted {
      ($0.stoppedOn, $0.resumedOn ?? .latest) < ($1.stoppedOn, $1.resumedOn ?? .latest)
    }
  }

  /// The pauses of the stage that is under way; once it is decided nothing stops any more.
  func stageSpans(of file: ApprovalCase) -> [PausedDays] {
    guard file.state.isUndecided, let start = self.stageStart(of: file) else { return [] }
    return self.spans(of: file).filter { $0.stoppedOn >= start }
  }

  /// The day on which the stage that is under way began; nil where no officer is waited for.
  func stageStart(of file: ApprovalCase) -> CivilDate? {
    guard case .officer(let stage) = file.state.waitingFor else { return nil }
    let before = self.workflow.steps.prefix { $0.stage != stage }.last?.stage
    let instant: Timestamp?
    switch before {
    case nil: return file.receiptDay
    // Where nobody signed it in time it is dated back, and so is what follows.
    case .accept: instant = file.clocks.acceptedAt
    case .some(let before) where before.decides: instant = file.effect?.at
    case .some(let before): instant = file.opinions.last { $0.stage == before }?.signedAt
    }
    return instant.map(CivilDate.init)
  }

  /// The case where intake knows it to stand. The opinions that led there stay lost; those that are
  /// known stay. A pause that was open is over, for intake's due dates count.
  func bringing(_ file: ApprovalCase, to standing: CaseStanding) -> ApprovalCase {
    var next = file
    next.version += 1
    next.state = self.workflow.standing(standing.state)
    next.clocks = standing.clocks
    next.effect = standing.effect
    next.withdrawnAt = standing.withdrawnAt
    next.closure = standing.closure
    next.notices = standing.notices
    next.pauses.removeAll { $0.resumedAt == nil }
    next.issueRefusedReasons = []
    if let last = standing.notices.last {
      next.round = max(next.round, last.supplementedAt == nil ? last.round : last.round + 1)
    }
    return self.atWork(next, since: standing.clocks.acceptedAt)
  }
}

extension ApprovalCase {
  /// The day from which the guard of acceptance is counted: of receipt, or of the last day for a
  /// supplement that did not come, from which on the office has to end the case.
  var receiptDay: CivilDate {
    if self.state == .awaitingSupplement, let lapsedAt = self.awaitedNotice?.lapsedAt {
      return CivilDate(of: lapsedAt.adding(milliseconds: -1))
    }
    return CivilDate(of: self.receivedAt)
  }

  /// By how many days the statute is extended.
  var extensionDays: Int { self.extensions.map(\.days).reduce(0, +) }
}

extension CaseEvent {
  /// When it happened; nil where only whoever writes it down knows.
  var instant: Timestamp? {
    switch self {
    // A deemed acceptance is dated back, and so is what follows it.
    case .accepted(_, let from, _, _), .deemedAccepted(_, let from, _, _): from
    case .effected(let effect), .issued(let effect): effect.at
    case .supplemented(_, let at, _), .supplementLapsed(_, let at, _), .clockResumed(let at, _),
      .withdrawn(let at):
      at
    case .closed(let closure): closure.closedAt
    case .held(let hold): hold.placedAt
    case .holdReleased(_, let release): release.at
    case .alarmed(let alarm): alarm.raisedAt
    case .paused(let pause): pause.pausedAt
    case .extended(let made, _, _): made.extendedAt
    case .recounted(let moves, _): moves.first?.movedAt
    case .issueRefused, .moved: nil
    default: self.opinion?.signedAt
    }
  }
}
