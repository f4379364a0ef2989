import DomainModel

/// Who wants a case decided before others, and why.
struct ExpeditionDraft: Hashable, Sendable {
  var officer: Officer
  var expectedVersion: Int64
  /// A word of the policy's catalogue.
  var reason: String
  /// Whether the case is about him.
  var isParty = false
}

extension CaseMachine {
  /// Takes a case into the green channel: an officer of an office that signs it, in whatever role,
  /// or its head, while nothing is decided. No opinion is left out for it (rules, Approval).
  func expedite(
    _ draft: ExpeditionDraft, in file: ApprovalCase, now: Timestamp
  ) -> Result<[CaseEvent], CaseRefusal> {
    let terms = self.terms.policy.greenChannel
    var objections: [Objection] = []
    let rules = self.opinionRules(of: file, now: now)
    if !rules.isRight(draft.officer, for: nil) { objections.append(.wrongOffice) }
    if rules.mustRecuse(draft.officer, isParty: draft.isParty) { objections.append(.mustRecuse) }
    if draft.expectedVersion != file.version { objections.append(.versionStale) }
    if file.isOnHold { objections.append(.onHold) }
    if !file.state.isUndecided || file.desk.green != nil { objections.append(.wrongState) }
    if !terms.reasons.contains(draft.reason) {
      objections.append(.invalid([DefectReason.greenReasonUnknown.violation(at: "reason")]))
    }
    guard objections.isEmpty else { return .failure(file.refusal(objections)) }
    let dueAt = terms.hours.instant(
      after: now, minutes: terms.officeHours * 60, in: self.terms.calendar)
    return .success([.expedited(GreenChannel(reason: draft.reason, dueAt: dueAt))])
  }
}
