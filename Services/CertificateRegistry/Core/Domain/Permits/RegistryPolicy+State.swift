import DomainModel

extension RegistryPolicy {
  /// The state of a permit at an instant. It is never stored: it follows from the facts, so that it
  /// is right at 00:00:00 of the day on which it changes though no timer has run.
  func state(of permit: Permit, at now: Timestamp) -> PermitState {
    let standing = permit.standing
    if let cancellation = standing.cancellation, cancellation.at <= now { return .cancelled }
    if let since = standing.lostSince, since <= now { return .lost }
    let today = CivilDate(of: now)
    if let from = self.suspendedFrom(permit), from <= today { return .suspended }
    return self.window(of: permit.term).contains(today) ? .endorsementWindow : .valid
  }

  /// The first day of suspension if the permit is not endorsed; nil while an endorsement submitted
  /// in time is pending (rules, Registry).
  func suspendedFrom(_ permit: Permit) -> CivilDate? {
    let window = self.window(of: permit.term)
    if let pending = permit.standing.pending, pending.submittedOn <= window.closesOn { return nil }
    guard let ended = permit.standing.pendingEndedOn else { return window.suspendedFrom }
    return max(window.suspendedFrom, ended.adding(days: 1))
  }

  /// When the permit can be endorsed in time.
  func window(of term: PermitTerm) -> EndorsementWindow {
    EndorsementWindow(
      anniversary: term.validToOn, policy: self.settings, calendar: self.calendar)
  }

  /// The first full year of a term's anchor that is later than a day.
  func nextFullYear(of term: PermitTerm, after day: CivilDate) -> CivilDate {
    var months = self.settings.validityMonths
    var found = term.anchorOn.adding(months: months)
    while found <= day, found < .latest {
      months += self.settings.validityMonths
      found = term.anchorOn.adding(months: months)
    }
    return found
  }

  /// The term after an endorsement that came too late, by the policy's `late_anchor`.
  func term(_ term: PermitTerm, endorsedLateOn day: CivilDate) -> PermitTerm {
    var next = term
    if self.settings.lateAnchor == .endorsement { next.anchorOn = day }
    next.validToOn = self.nextFullYear(of: next, after: day)
    return next
  }

  /// Days of residence that a permit proves up to and including a day, and how many of the days
  /// since its issue it was suspended: those do not count (rules, Registry).
  func residenceDays(_ permit: Permit, on day: CivilDate) -> (counted: Int, suspended: Int) {
    let held = max(0, permit.term.issuedOn.days(until: day) + 1)
    var suspended = permit.standing.suspendedDays
    if let from = self.suspendedFrom(permit) { suspended += max(0, from.days(until: day) + 1) }
    return (max(0, held - suspended), min(held, suspended))
  }
}
