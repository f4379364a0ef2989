import DomainModel

/// The result of one rule of eligibility. Findings go with the case; only an officer refuses.
struct Finding: Hashable, Sendable {
  var rule: EligibilityRule
  var passed: Bool
  /// Where waiting helps: the first day on which the rule is met.
  var metOn: CivilDate?
}

/// What eligibility is judged by.
struct EligibilityFacts: Sendable {
  /// The day of the judgement in Asia/Shanghai.
  var today: CivilDate
  /// Where the hukou is; nil where that lies outside the province.
  var hukouUnit: ResidenceUnit?
  /// Where the applicant lives.
  var residenceUnit: ResidenceUnit
  /// The registrations inside the residence unit.
  var registrationsHere: [ResidencePeriod]
  var holdsLivePermit: Bool
  /// A talents' claim stands on an uploaded recognition paper or list: Art. 16 para. 2 then asks
  /// neither for the half year nor for another condition.
  var isExempt: Bool
  var policy: PolicySettings
}

/// Judges an application for a first permit. Every rule is evaluated, whatever the others say.
enum Eligibility {
  /// One finding for each rule, in the order of the catalogue.
  static func findings(_ facts: EligibilityFacts) -> [Finding] {
    EligibilityRule.allCases.map { Self.finding($0, facts) }
  }

  /// What one rule says by itself.
  static func finding(_ rule: EligibilityRule, _ facts: EligibilityFacts) -> Finding {
    switch rule {
    case .hukouIsLocal:
      Finding(rule: rule, passed: facts.hukouUnit != facts.residenceUnit)
    case .notRegisteredHere:
      Finding(rule: rule, passed: facts.registrationsHere.contains { $0.isCurrent(on: facts.today) })
    case .halfYearNotReached: Self.halfYear(facts)
    case .livePermitExists:
      Finding(rule: rule, passed: !facts.holdsLivePermit)
    }
  }

  /// Art. 16: the half year runs from the day of declaring, along an unbroken chain of registrations
  /// in the unit; it is met on the corresponding day itself.
  private static func halfYear(_ facts: EligibilityFacts) -> Finding {
    let rule = EligibilityRule.halfYearNotReached
    if facts.isExempt { return Finding(rule: rule, passed: true) }
    fatalError()
  }
}
