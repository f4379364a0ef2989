import DomainModel

/// A submission and what is only known at its moment.
struct Filing: Hashable, Sendable {
  var submission: Submission
  /// Whom it is for.
  var applicant: CitizenID
  /// The kinds of which nothing may be in progress beside it, by the policy's conflicts; its own is
  /// one of them where a person has one of it at a time.
  var against: Set<ApplicationKind> = []
  /// The registration that it is about, as it stands.
  var registered: RegisteredResidence?
}

/// What an application is about, as the registry knew it on submission.
struct ApplicationSubject: Hashable, Sendable {
  /// 电子证照标识 of the live permit.
  var certificateIdentifier: String?
  /// The registration in force.
  var registrationID: String?

  /// It is about nothing that is on record.
  var isNothing: Bool { self.certificateIdentifier == nil && self.registrationID == nil }
}

extension Filing {
  /// What of a person's registrations and permit a form of a kind is about: the permit, the
  /// registration, or both.
  static func subject(
    of kind: ApplicationKind, _ form: ApplicationForm, in unit: ResidenceUnit?,
    _ residence: Residence
  ) -> (permit: HeldPermit?, registered: RegisteredResidence?) {
    let permit = residence.permit
    switch kind {
    case .firstPermit, .residenceRegistration, .conversionByRegistration: return (nil, nil)
    case .addressChange: return (permit, residence.registered(in: unit))
    case .endorsement:
      // A change of address rides along where the form says when it was.
      return (permit, form.changedOn == nil ? nil : residence.registered(in: unit))
    case .contactChange:
      let registered = residence.registered(in: permit?.unit)
      // Without another workplace there is nothing of the registration to change.
      let isChanged = !form.workplace.isEmpty && form.workplace != registered?.workplace
      return (permit, isChanged ? registered : nil)
    case .conversionByPermit, .faceDataCorrection, .lossReport, .lossWithdrawal, .cancellation,
      .confirmationSlip:
      return (permit, nil)
    }
  }
}

extension Residence {
  /// The registration in force in a unit, else in any, the last one declared.
  func registered(in unit: ResidenceUnit?) -> RegisteredResidence? {
    let own = self.inForce.filter { unit == nil || $0.unit == unit?.code }
    return (own.isEmpty ? self.inForce : own).max { $0.declaredOn < $1.declaredOn }
  }

  /// By where an application is routed whose form names no residence: the registered address, else
  /// the county of the permit.
  var place: Address? {
    self.registered(in: self.permit?.unit)?.address
      ?? self.permit.map { Address(division: $0.division, street: "", detail: "") }
  }
}
