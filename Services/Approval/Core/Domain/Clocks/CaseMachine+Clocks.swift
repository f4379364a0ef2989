import DomainModel

// Where a case stands after an event, whose work it is, and what clocks run.
extension CaseMachine {
  /// The case after an event.
  func applying(_ event: CaseEvent, to file: ApprovalCase) -> ApprovalCase {
    var next = file.recording(event)
    next.state = self.workflow.state(after: event, from: file.state)
    if case .supplemented = event {
      next.workOffice = self.desk(of: next, since: next.notices.last?.supplementedAt)
      return next
    }
    return self.atWork(next, since: event.instant)
  }

  /// The case with its desk and the term of its stage, both since an instant.
  func atWork(_ file: ApprovalCase, since instant: Timestamp?) -> ApprovalCase {
    var next = file
    next.workOffice = self.desk(of: file, since: instant)
    next.clocks.stage = nil
    if case .officer(let stage) = file.state.waitingFor, let instant {
      next.clocks.stage = self.due(of: stage, since: CivilDate(of: instant))
    }
    return next
  }

  private func desk(of file: ApprovalCase, since instant: Timestamp?) -> String {
    switch file.state.waitingFor {
    case .officer(let stage):
      guard let step = self.workflow.step(stage) else { return "" }
      let date = CivilDate(of: instant ?? file.origin.submittedAt)
      return self.offices.offices(for: step, of: file.origin, on: date).first ?? ""
    case .decider: return file.decision?.officeCode ?? ""
    case .applicant, .registry, .nobody: return ""
    }
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
    guard let acceptedAt = file.clocks.acceptedAt else {
      return self.clocks(receivedOn: CivilDate(of: supplementedAt))
    }
    var clocks = file.clocks
    let stopping = self.terms.policy.supplementStopsClocks ? file.notices : []
    let pauses = stopping.filter { $0.stage == .review }.compactMap { notice in
      Pause(
        stoppedOn: CivilDate(of: notice.notifiedAt),
        resumedOn: CivilDate(of: notice.supplementedAt ?? supplementedAt))
    }
    let (acceptedOn, kind) = (CivilDate(of: acceptedAt), file.origin.kind)
    clocks.promise = self.terms.promiseDue(acceptedOn: acceptedOn, of: kind, pauses: pauses)
    clocks.statute = self.terms.statuteDue(acceptedOn: acceptedOn, of: kind, pauses: pauses)
    let forwardedAt = file.opinions.last { $0.stage == .forward }?.signedAt
    clocks.stage = self.due(
      of: .review, since: CivilDate(of: forwardedAt ?? acceptedAt), pauses: pauses)
    return clocks
  }

  /// The case where intake knows it to stand. The opinions that led there stay lost; those that are
  /// known stay.
  func bringing(_ file: ApprovalCase, to standing: CaseStanding) -> ApprovalCase {
    var next = file
    next.version += 1
    next.state = self.workflow.standing(standing.state)
    next.clocks = standing.clocks
    next.effect = standing.effect
    next.withdrawnAt = standing.withdrawnAt
    next.notices = standing.notices
    next.issueRefusedReasons = []
    if let last = standing.notices.last {
      next.round = max(next.round, last.supplementedAt == nil ? last.round : last.round + 1)
    }
    return self.atWork(next, since: standing.clocks.acceptedAt)
  }
}

extension CaseEvent {
  /// When it happened; nil where only whoever writes it down knows.
  fileprivate var instant: Timestamp? {
    switch self {
    // A deemed acceptance is dated back, and so is what follows it.
    case .accepted(_, let from, _, _): from
    case .effected(let effect), .issued(let effect): effect.at
    case .supplemented(_, let at, _), .withdrawn(let at): at
    case .issueRefused: nil
    default: self.opinion?.signedAt
    }
  }
}
