extension ApprovalCase {
  /// The facts after an event; the version is one higher. Where the case stands then, and whose
  /// work it is, `CaseMachine` adds.
  func recording(_ event: CaseEvent) -> ApprovalCase {
    var next = self
    next.version += 1
    if let opinion = event.opinion { next.opinions.append(opinion) }
    switch event {
    case .accepted(_, let acceptedAt, let promise, let statute),
      .confirmed(_, let acceptedAt, let promise, let statute):
      next.clocks.acceptedAt = acceptedAt
      next.clocks.promise = promise
      next.clocks.statute = statute
    case .deemedAccepted(_, let from, let promise, let statute):
      next.clocks.acceptedAt = from
      next.clocks.promise = promise
      next.clocks.statute = statute
    case .supplementLapsed(let round, let at, let clocks):
      next.clocks = clocks
      for index in next.notices.indices where next.notices[index].round == round {
        next.notices[index].lapsedAt = at
      }
    case .alarmed(let alarm): next.alarms.append(alarm)
    case .paused(let pause): next.pauses.append(pause)
    case .clockResumed(let at, let clocks):
      next.clocks = clocks
      for index in next.pauses.indices where next.pauses[index].resumedAt == nil {
        next.pauses[index].resumedAt = at
      }
    case .extended(let made, let statute, _):
      next.extensions.append(made)
      next.clocks.statute = statute
    case .recounted(let moves, let clocks):
      next.clocks = clocks
      next.moves += moves
    case .supplementNeeded(let opinion):
      next.notices.append(
        CaseNotice(round: opinion.round, stage: opinion.stage, notifiedAt: opinion.signedAt))
    case .notAccepted(let opinion): next.round = opinion.round
    case .reviewed, .approved, .refused, .handled: break
    case .supplemented(let round, let at, let clocks):
      next.clocks = clocks
      next.round += 1
      for index in next.notices.indices where next.notices[index].round == round {
        next.notices[index].supplementedAt = at
      }
    case .effected(let effect), .issued(let effect):
      next.effect = self.effect?.joined(with: effect) ?? effect
      next.effectsCount += 1
    case .issueRefused(let reasons):
      next.issueRefusedReasons = reasons
      next.round += 1
    case .withdrawn(let at): next.withdrawnAt = at
    case .closed(let closure): next.closure = closure
    case .held(let hold): next.holds.append(hold)
    case .holdReleased(let number, let release):
      for index in next.holds.indices where next.holds[index].documentNumber == number {
        next.holds[index].release = release
      }
    case .expedited(let green): next.desk.green = green
    case .moved(let seat):
      next.origin.officeCode = seat.office
      next.origin.bureauCode = seat.bureau
      next.workOffice = seat.desk
    }
    return next
  }
}
