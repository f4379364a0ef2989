import DomainModel

/// Something that may not be known yet, and what it takes to know it.
enum Known<Value: Hashable & Sendable>: Hashable, Sendable {
  case known(Value)
  /// The fields of the form that are missing, or unreadable.
  case unknown([String])

  var value: Value? {
    if case .known(let value) = self { value } else { nil }
  }

  var missing: [String] {
    if case .unknown(let missing) = self { missing } else { [] }
  }
}

/// What eligibility is judged by: what the form says, what the registry knows of its person, and
/// what else is in progress.
struct EligibilityFacts: Hashable, Sendable {
  /// The day of the judgement in Asia/Shanghai.
  var today: CivilDate
  /// Whose number it is.
  var origin: Known<CitizenID.Origin>
  /// Where the hukou is; nil where that lies outside the region.
  var hukouUnit: Known<ResidenceUnit?>
  /// Where the applicant lives.
  var residenceUnit: Known<ResidenceUnit>
  /// Every registration in the region.
  var registrations: Known<[RegistrationPeriod]>
  /// The live permit; nil where there is none.
  var permit: Known<HeldPermit?>
  /// The conditions that are claimed with an uploaded evidence of each kind that is claimed for
  /// them. Unknown while nothing is claimed.
  var shown: Known<Set<Condition>>
  /// The person's other applications in progress.
  var open: [ApplicationKind] = []
  /// As what somebody acts for the applicant; nil where he acts himself.
  var proxy: ActingCapacity?
  /// The codes of the divisions that the residence lies in: itself, then the one above.
  var residenceDivisions: [String] = []
}

/// A live permit, as far as rules ask.
struct HeldPermit: Hashable, Sendable {
  /// 电子证照标识
  var certificateIdentifier = ""
  /// The six-digit code of the county that its holder lives in.
  var division = ""
  /// Where it stands on the day of the judgement.
  enum Standing: String, Hashable, Sendable, CaseIterable {
    case valid
    case suspended
    case lost
  }

  /// The residence unit that issued it; nil for one outside the region.
  var unit: ResidenceUnit?
  var standing: Standing
  /// The next anniversary, which it is valid to.
  var validTo: CivilDate
  /// Whether a court order holds it.
  var isHeld = false
  /// Whether an application for endorsement is undecided.
  var isEndorsementPending = false
}

extension EligibilityFacts {
  /// Whether a registration in the residence unit is in force.
  func isRegistered(in unit: ResidenceUnit, _ registrations: [RegistrationPeriod]) -> Bool {
    registrations.contains { period in
      period.unit == unit.code && period.declaredOn <= self.today
        && self.today <= period.endedOn ?? .latest
    }
  }
}

/// A registration in force, as it is changed.
struct RegisteredResidence: Hashable, Sendable {
  var id: String
  /// The code of its residence unit.
  var unit: String
  var declaredOn: CivilDate
  var address: Address
  /// Empty where none was declared.
  var workplace: String
}

/// What the registry knows of a person.
struct Residence: Hashable, Sendable {
  /// Every registration in the region.
  var registrations: [RegistrationPeriod]
  /// Those of them that are in force.
  var inForce: [RegisteredResidence] = []
  /// The live permit.
  var permit: HeldPermit?
}
