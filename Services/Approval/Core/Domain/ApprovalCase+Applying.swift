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
    case .expedited(let green): next.desk.green = green
    }
    return next
  }
}
