import DomainModel

/// Judges what a person asks for by the rules that the region's policy has for the kind. Pure, and
/// every rule is evaluated, whatever the others say.
struct Eligibility: Sendable {
  let policy: PolicySettings
  let calendar: WorkingDayCalendar

  /// One finding for each rule of the kind, in the order of the catalogue.
  func findings(_ facts: EligibilityFacts, for kind: KindPolicy) -> [Finding] {
    kind.rules.map { self.finding($0, facts, for: kind) }
  }

  /// What one rule says by itself.
  func finding(
    _ use: KindPolicy.RuleUse, _ facts: EligibilityFacts, for kind: KindPolicy
  ) -> Finding {
    let said = self.isWaived(use, facts) ?? self.verdict(of: use.rule, facts, for: kind)
    return Finding(
      rule: use.rule, result: said.result, metOn: said.metOn, facts: said.facts,
      missing: said.missing, article: use.ground)
  }

  /// The first kind that the policy names to go to instead whose every rule is met.
  func suggestion(_ facts: EligibilityFacts, insteadOf kind: KindPolicy) -> ApplicationKind? {
    kind.instead.first { other in
      guard let other = self.policy.kinds.kinds[other] else { return false }
      return self.findings(facts, for: other).allSatisfy(\.passed)
    }
  }

  /// Art. 16 para. 2: a talents' claim lifts a rule once its paper has been uploaded.
  private func isWaived(_ use: KindPolicy.RuleUse, _ facts: EligibilityFacts) -> Verdict? {
    guard let condition = use.waivedBy, facts.shown.value?.contains(condition) == true else {
      return nil
    }
    return .met(["waived_by": condition.name])
  }

  private func verdict(
    of rule: EligibilityRule, _ facts: EligibilityFacts, for kind: KindPolicy
  ) -> Verdict {
    switch rule {
    case .idNotMainland: facts.originVerdict
    case .hukouIsLocal: facts.hukouVerdict
    case .notRegisteredHere: facts.registrationVerdict(isWanted: true)
    case .alreadyRegisteredHere: facts.registrationVerdict(isWanted: false)
    case .halfYearNotReached: facts.halfYearVerdict(inUnit: true, by: self.policy)
    case .accumulatedHalfYearNotReached: facts.halfYearVerdict(inUnit: false, by: self.policy)
    case .conditionNotShown: facts.conditionVerdict(of: kind)
    case .livePermitExists: facts.permitVerdict(isWanted: false)
    case .permitMissing: facts.permitVerdict(isWanted: true)
    case .permitOfAnotherUnit: facts.unitVerdict(isWanted: true)
    case .permitOfThisUnit: facts.unitVerdict(isWanted: false)
    case .permitLost: facts.ofPermit { .said($0.standing != .lost, $0.facts) }
    case .permitNotLost: facts.ofPermit { .said($0.standing == .lost, $0.facts) }
    case .permitSuspended:
      facts.ofPermit {
        .said($0.standing != .suspended || self.policy.conversionTakesSuspended, $0.facts)
      }
    case .permitUnderOrder: facts.ofPermit { .said(!$0.isHeld, $0.facts) }
    case .endorsementUndecided: facts.ofPermit { .said(!$0.isEndorsementPending, $0.facts) }
    case .endorsementWindowNotOpen: facts.windowVerdict(by: self.policy, self.calendar)
    case .applicationInConflict: facts.conflictVerdict(of: kind.kind, self.policy.kinds.conflicts)
    case .proxyNotAllowed: facts.proxyVerdict(of: kind, by: self.policy)
    }
  }
}

/// What a rule says of the facts, before it is named.
struct Verdict: Hashable, Sendable {
  var result: Finding.Result
  var metOn: CivilDate?
  var facts: [Finding.Fact] = []
  var missing: [String] = []

  static func met(_ facts: KeyValuePairs<String, String> = [:]) -> Verdict {
    .said(true, facts)
  }

  static func said(
    _ isMet: Bool, _ facts: KeyValuePairs<String, String>, metOn: CivilDate? = nil
  ) -> Verdict {
    Verdict(
      result: isMet ? .met : .notMet, metOn: metOn,
      facts: facts.map { Finding.Fact(name: $0.key, value: $0.value) })
  }

  static func notKnown(_ missing: [String]) -> Verdict {
    var seen: Set<String> = []
    return Verdict(result: .notKnown, missing: missing.filter { seen.insert($0).inserted })
  }
}
