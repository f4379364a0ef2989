import DomainModel

/// On whose decision a permit is changed, checked in itself.
struct Order: Hashable, Sendable {
  let applicationID: String
  /// Empty where no case stands behind the order, such as a loss report.
  let caseID: String
  /// `kind:id` of who decided.
  let actor: String
  /// The actor's office, 12 digits; empty for an applicant.
  let actorOffice: String
  /// The day of the approval opinion, or of the report, in Asia/Shanghai.
  let decidedOn: CivilDate
  let policyVersion: String
  /// Why, in words; empty where the order asks for none.
  let reason: String
}

/// An order as sent: not yet checked.
struct OrderClaim: Hashable, Sendable {
  var applicationID = ""
  var caseID = ""
  var actor = ""
  var actorOffice = ""
  var decidedOn = ""
  var policyVersion = ""
  var reason = ""

  /// How far the sender's clock may be ahead of the registry's around midnight, in days.
  static let clockSkewDays = 1
  /// How long a reason may be, in Unicode scalars.
  static let reasonCharactersMax = 500

  /// What an order of its kind must bring beside the actor and the day.
  struct Needs: Hashable, Sendable {
    /// A case of the approval service stands behind it, and so an application.
    var aCase = false
    /// It is decided against the holder, or for him against a decision: with a reason.
    var aReason = false
  }

  /// The order, or nil once its defects were noted under `field`. `today` is the civil date in
  /// Asia/Shanghai.
  func checked(
    at field: String, _ needs: Needs, on today: CivilDate, _ defects: inout DefectList
  ) -> Order? {
    let referenceMax = TextLimits.referenceCharactersMax
    defects.check(
      self.applicationID, at: "\(field).application_id", max: referenceMax,
      isRequired: needs.aCase)
    defects.check(
      self.caseID, at: "\(field).case_id", max: referenceMax, isRequired: needs.aCase)
    defects.check(self.actor, at: "\(field).actor", max: TextLimits.actorCharactersMax)
    if !self.actorOffice.isEmpty || needs.aCase || needs.aReason {
      defects.checkOffice(self.actorOffice, at: "\(field).actor_office")
    }
    defects.check(self.policyVersion, at: "\(field).policy_version", max: referenceMax)
    defects.check(
      self.reason, at: "\(field).reason", max: Self.reasonCharactersMax,
      isRequired: needs.aReason)
    let decidedOn = defects.date(
      self.decidedOn, at: "\(field).decided_on",
      notAfter: today.adding(days: Self.clockSkewDays), notBefore: nil)
    guard let decidedOn else { return nil }
    return Order(
      applicationID: self.applicationID, caseID: self.caseID, actor: self.actor,
      actorOffice: self.actorOffice, decidedOn: decidedOn, policyVersion: self.policyVersion,
      reason: self.reason)
  }
}
