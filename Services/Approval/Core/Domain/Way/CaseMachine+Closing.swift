import DomainModel

// A person's death, or a hukou moved in, leaves nothing to decide (rules, Registry: outside
// events).
extension CaseMachine {
  /// Closes a case on which nothing is decided; nothing happens to any other.
  ///
  /// **Why does a decision that was signed first stand?** It is on its way to the registry, which
  /// knows of the event by itself: what it has signed before is in force until it is cancelled, and
  /// what it will not have comes back to who decided (rules, Approval). *What if the event won?*
  /// Then a permit could be in force whose case says that nothing was decided.
  func close(
    _ file: ApprovalCase, for reason: ClosureReason, on day: CivilDate, recordedAt: Timestamp
  ) -> [CaseEvent] {
    guard file.state.isUndecided else { return [] }
    let instant = reason.instant(
      on: day, recordedAt: recordedAt, submittedAt: file.origin.submittedAt)
    return [.closed(Closure(reason: reason, eventOn: day, closedAt: instant))]
  }
}
