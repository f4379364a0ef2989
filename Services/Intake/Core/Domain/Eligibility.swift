import DomainModel

/// The result of one rule of eligibility. Findings go with the case; only an officer refuses.
struct Finding: Hashable, Sendable {
  var rule: EligibilityRule
  var passed: Bool
  /// Where waiting helps: the first day on which the rule is met.
  var metOn: CivilDate?
}

/// What the registry knows of a person.
struct Residence: Hashable, Sendable {
  /// Every registration in the region.
  var registrations: [RegistrationPeriod]
  var holdsLivePermit: Bool
}

/// What eligibility is judged by.
struct EligibilityFacts: Sendable {
  /// The day of the judgement in Asia/Shanghai.
  var today: CivilDate
  /// Where the hukou is; nil where that lies outside the region.
  var hukouUnit: ResidenceUnit?
  /// Where the applicant lives.
  var residenceUnit: ResidenceUnit
  var residence: Residence
  /// A talents' claim stands on an uploaded recognition paper or list: Art. 16 para. 2 then asks
  /// neither for the half year nor for another condition.
  var isExempt: Bool
}

/// Judges an application for a first permit. Every rule is evaluated, whatever the others say.
enum Eligibility {
  /// One finding for each rule, in the order of the catalogue.
  static func findings(_ facts: EligibilityFacts, policy: PolicySettings) -> [Finding] {
    EligibilityRule.allCases.map { Self.finding($0, facts, policy: policy) }
  }

  /// What one rule says by itself.
  static func finding(
    _ rule: EligibilityRule, _ facts: EligibilityFacts, policy: PolicySettings
  ) -> Finding {
    switch rule {
    case .hukouIsLocal:
      Finding(rule: rule, passed: facts.hukouUnit != facts.residenceUnit)
    case .notRegisteredHere:
      Finding(rule: rule, passed: facts.isRegisteredHere)
    case .halfYearNotReached:
      Self.halfYear(facts, policy: policy)
    case .livePermitExists:
      Finding(rule: rule, passed: !facts.residence.holdsLivePermit)
    }
  }

  /// Art. 16: the half year runs from the day of declaring, along an unbroken chain of
  /// registrations in the residence unit.
  private static func halfYear(_ facts: EligibilityFacts, policy: PolicySettings) -> Finding {
    let rule = EligibilityRule.halfYearNotReached
    if facts.isExempt { return Finding(rule: rule, passed: true) }
    let chain = ResidenceChain.reaching(
      facts.today, in: facts.residence.registrations, unit: facts.residenceUnit.code,
      policy: policy)
    guard let halfYear = chain?.halfYear(policy: policy) else {
      return Finding(rule: rule, passed: false)
    }
    if halfYear.isComplete(on: facts.today) { return Finding(rule: rule, passed: true) }
    // Without a registration in force the time stands still, and waiting does not help.
    return Finding(
      rule: rule, passed: false, metOn: facts.isRegisteredHere ? halfYear.eligibleFrom : nil)
  }
}

extension EligibilityFacts {
  /// Whether a registration in the residence unit is in force.
  var isRegisteredHere: Bool {
    self.residence.registrations.contains { period in
      period.unit == self.residenceUnit.code && period.declaredOn <= self.today
        && self.today <= period.endedOn ?? .latest
    }
  }

  /// The facts in a form and the registry's answer; nil where the residence has no unit, which the
  /// form's rules exclude.
  init?(_ reading: FormReading, _ residence: Residence) {
    let divisions = reading.context.divisions
    guard let unit = divisions.residenceUnit(of: reading.residence.division) else { return nil }
    self.today = reading.context.today
    self.hukouUnit = divisions.residenceUnit(of: reading.household.division)
    self.residenceUnit = unit
    self.residence = residence
    self.isExempt = reading.isExempt
  }
}

extension FormReading {
  /// A talents' claim whose paper was uploaded; a tick alone lifts nothing.
  var isExempt: Bool {
    self.claimedEvidence.contains { kind in
      kind.condition == .talent
        && self.slots.contains(MaterialSlot(.evidence, evidence: kind))
    }
  }
}
