import DomainModel

/// The result of one rule of eligibility. Findings go with the case; only an officer refuses.
struct Finding: Hashable, Sendable {
  /// Whether the rule is met.
  enum Result: String, Hashable, Sendable, CaseIterable {
    case met
    case notMet = "not_met"
    /// It cannot be said: something is missing.
    case notKnown = "not_known"
  }

  /// One thing that the rule was judged by. No name, number, phone or address of a person.
  struct Fact: Hashable, Sendable {
    var name: String
    var value: String
  }

  var rule: EligibilityRule
  var result: Result
  /// Where waiting helps: the first day on which the rule is met.
  var metOn: CivilDate?
  var facts: [Fact] = []
  /// What it takes to say more: fields of the form. Set exactly where the result is not known.
  var missing: [String] = []
  /// The article or page it rests on, by the policy that judged it.
  var article: String

  var passed: Bool { self.result == .met }

  /// Without what it was judged by, for an answer that is kept.
  var bare: Finding {
    var bare = self
    bare.facts = []
    return bare
  }
}
