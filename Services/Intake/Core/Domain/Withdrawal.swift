import DomainModel

/// 撤回: an application that is taken back before it is decided.
struct Withdrawal: Hashable, Sendable {
  var requestedAt: Timestamp
  /// When the officers' case had taken it; nil while that is awaited.
  var withdrawnAt: Timestamp?
}

extension Application {
  /// The applicant takes it back. It stays as it is until the case has taken that, for a decision
  /// may be under way. Nil where it is asked for already. Throws `APPLICATION_WRONG_STATE`, also of
  /// what no officer decides.
  func askingBack(on road: Road, at now: Timestamp) throws -> Application? {
    try self.require([.submitted, .supplementNeeded, .accepted])
    guard road.hasCase else { throw self.wrongState }
    if self.withdrawal != nil { return nil }
    var next = self.changed(at: now)
    next.withdrawal = Withdrawal(requestedAt: now)
    return next
  }

  /// The decision was first: the withdrawal falls. Nil where there is none any more.
  func keptByDecision(at now: Timestamp) -> Application? {
    guard self.withdrawal != nil, self.state != .withdrawn else { return nil }
    var next = self.changed(at: now)
    next.withdrawal = nil
    return next
  }

  /// The case has taken it.
  func withdrawn(at instant: Timestamp, recordedAt now: Timestamp) throws -> Application {
    try self.require([.submitted, .supplementNeeded, .accepted])
    var next = self.changed(to: .withdrawn, at: now)
    next.withdrawal = Withdrawal(
      requestedAt: self.withdrawal?.requestedAt ?? instant, withdrawnAt: instant)
    return next
  }
}
