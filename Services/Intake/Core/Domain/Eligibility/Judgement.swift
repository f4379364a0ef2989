import DomainModel

/// What every rule of eligibility says of a form.
struct Judgement: Hashable, Sendable {
  let kind: ApplicationKind
  let policyVersion: String
  /// One finding for each rule of the kind, in the order of the catalogue.
  let findings: [Finding]
  /// What to apply for instead; nil where every rule is met, or where nothing is better.
  let suggestion: ApplicationKind?

  /// Judges the facts for a kind that the policy has.
  init(of facts: EligibilityFacts, for kind: KindPolicy, by rules: Eligibility) {
    let findings = rules.findings(facts, for: kind)
    self.kind = kind.kind
    self.policyVersion = rules.policy.version
    self.findings = findings
    let isClear = findings.allSatisfy(\.passed)
    self.suggestion = isClear ? nil : rules.suggestion(facts, insteadOf: kind)
  }

  /// Every rule is met.
  var isClear: Bool { self.findings.allSatisfy(\.passed) }
}
