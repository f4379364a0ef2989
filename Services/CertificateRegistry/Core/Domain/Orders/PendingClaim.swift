import DomainModel

/// Intake's word that an endorsement is applied for, or has ended without one, as sent: not yet
/// checked.
struct PendingClaim: Hashable, Sendable {
  var certificateIdentifier: String
  var applicationID: String
  /// The caller's principal.
  var actor: String
  var what: What?

  /// What is noted.
  enum What: Hashable, Sendable {
    case submitted(on: String)
    case ended(PendingOutcome?, on: String)
  }

  /// The order; throws with every defect. `today` is the civil date in Asia/Shanghai.
  func checked(on today: CivilDate, _ policy: RegistryPolicy) throws -> PermitOrder {
    var defects = DefectList()
    defects.checkIdentifier(self.certificateIdentifier, at: "certificate_identifier")
    defects.check(
      self.applicationID, at: "application_id", max: TextLimits.referenceCharactersMax)
    let noted = self.command(on: today, &defects)
    try defects.throwIfAny(.requestInvalid)
    guard let (command, day) = noted else { throw ServiceError(.requestInvalid) }
    return PermitOrder(
      certificateIdentifier: self.certificateIdentifier,
      order: Order(
        applicationID: self.applicationID, caseID: "", actor: self.actor, actorOffice: "",
        decidedOn: day, policyVersion: policy.settings.version, reason: ""),
      command: command)
  }

  private func command(
    on today: CivilDate, _ defects: inout DefectList
  ) -> (PermitCommand, CivilDate)? {
    let last = today.adding(days: OrderClaim.clockSkewDays)
    switch self.what {
    case .submitted(let text):
      let day = defects.date(text, at: "submitted_on", notAfter: last, notBefore: nil)
      return day.map {
        (
          .notePending(PendingEndorsement(applicationID: self.applicationID, submittedOn: $0)),
          $0
        )
      }
    case .ended(let outcome, let text):
      if outcome == nil { defects.add(.fieldMissing, at: "ended.outcome") }
      let day = defects.date(text, at: "ended.ended_on", notAfter: last, notBefore: nil)
      guard let outcome, let day else { return nil }
      return (.endPending(applicationID: self.applicationID, outcome, on: day), day)
    case nil:
      defects.add(.fieldMissing, at: "what")
      return nil
    }
  }
}
