import DomainModel

/// 终止: an application that is closed without a decision, because its applicant has died or has
/// become local in the unit.
struct Closing: Hashable, Sendable {
  var reason: ClosureReason
  /// The day of the event.
  var eventOn: CivilDate
  /// When the registry recorded it.
  var recordedAt: Timestamp
  /// From which instant in law the case is closed; nil while that is awaited, and for good where it
  /// had been decided before.
  var closedAt: Timestamp?

  /// What the applicant is shown; nil before the case has closed.
  var closure: Closure? {
    self.closedAt.map { Closure(reason: self.reason, eventOn: self.eventOn, closedAt: $0) }
  }
}

extension Application {
  /// The case is asked to close. The application stays as it is until the case has done so, for a
  /// decision may be under way, and one that was signed first stands. Nil where there is nothing to
  /// ask: it is not in progress, no officer decides on it, it was submitted after the event was
  /// recorded, or that was asked before.
  func askingToClose(
    _ reason: ClosureReason, on day: CivilDate, recordedAt: Timestamp, road: Road,
    at now: Timestamp
  ) -> Application? {
    guard self.state.isOpen, road.hasCase, let submission, submission.submittedAt <= recordedAt
    else { return nil }
    if let closing, closing.reason == .death || (closing.reason, closing.eventOn) == (reason, day) {
      return nil
    }
    var next = self.changed(at: now)
    next.closing = Closing(reason: reason, eventOn: day, recordedAt: recordedAt)
    return next
  }

  /// The case has closed; a withdrawal that was asked for falls with it.
  func closed(_ closure: Closure, recordedAt now: Timestamp) throws -> Application {
    try self.require([.submitted, .supplementNeeded, .accepted])
    var next = self.changed(to: .closed, at: now)
    next.closing = Closing(
      reason: closure.reason, eventOn: closure.eventOn,
      recordedAt: self.closing?.recordedAt ?? now, closedAt: closure.closedAt)
    next.withdrawal = nil
    return next
  }

  /// Whether its applicant has died: nobody is written to any more.
  var isOfDeceased: Bool { self.closing?.reason == .death }

  /// Whether it is for a unit of which a division is a part: that of the bureau that decides.
  func isIn(unitOf division: String, _ divisions: DivisionTable) -> Bool {
    divisions.areOneUnit(division, String((self.submission?.bureauCode ?? "").prefix(6)))
  }
}
