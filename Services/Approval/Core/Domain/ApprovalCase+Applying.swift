extension ApprovalCase {
  /// The case after an event; its version is one higher.
  func applying(_ event: CaseEvent) -> ApprovalCase {
    var next = self
    next.version += 1
    if let opinion = event.opinion { next.opinions.append(opinion) }
    switch event {
    case .accepted(_, let acceptedAt, let promise, let statute):
      next.state = .awaitingReview
      next.clocks.acceptedAt = acceptedAt
      next.clocks.promise = promise
      next.clocks.statute = statute
    case .supplementNeeded(let opinion):
      next.state = opinion.stage == .accept ? .awaitingSupplement : .reviewSupplement
      next.notices.append(
        CaseNotice(round: opinion.round, stage: opinion.stage, notifiedAt: opinion.signedAt))
    case .notAccepted(let opinion):
      next.state = .notAccepted
      next.round = opinion.round
    case .reviewed: next.state = .awaitingApproval
    case .approved: next.state = .approved
    case .refused: next.state = .refused
    case .supplemented(let round, let at, let clocks):
      next.state = self.state == .awaitingSupplement ? .awaitingAcceptance : .awaitingReview
      next.clocks = clocks
      next.round += 1
      for index in next.notices.indices where next.notices[index].round == round {
        next.notices[index].supplementedAt = at
      }
    case .issued(let issue):
      next.state = .completed
      next.issue = issue
    case .issueRefused(let reasons):
      next.state = .issueRefused
      next.issueRefusedReasons = reasons
      next.round += 1
    }
    return next
  }
}
