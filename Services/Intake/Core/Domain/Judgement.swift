import DomainModel

/// What every rule of eligibility says of a form.
struct Judgement: Hashable, Sendable {
  /// One finding for each rule, in the order of the catalogue.
  let findings: [Finding]

  /// Judges the facts by a region's policy.
  init(of facts: EligibilityFacts, policy: PolicySettings) {
    self.findings = Eligibility.findings(facts, policy: policy)
  }

  /// Every rule is met.
  var isClear: Bool { self.findings.allSatisfy(\.passed) }
}
