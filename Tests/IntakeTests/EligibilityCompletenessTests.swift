import DomainModel
import TestSupport
import Testing

@testable import IntakeCore

/// Completeness: for any facts and any kind, what is found is what each rule finds alone.
struct EligibilityCompletenessTests {
  private let engine: Eligibility
  private let kinds: [KindPolicy]

  init() throws {
    let rules = try PolicyData.rules.get()
    self.engine = Eligibility(policy: rules.policy, calendar: rules.calendar)
    self.kinds = ApplicationKind.allCases.compactMap { rules.policy.kinds.kinds[$0] }
  }

  /// Each kind as many times as it has rules, each time with one of them alone.
  private static func alone() throws -> [ApplicationKind: [KindPolicy]] {
    let lines = try PolicyTexts.text("zhejiang.tsv").split(separator: "\n")
    let rules = lines.filter { $0.hasPrefix("rule\t") }
    var alone: [ApplicationKind: [KindPolicy]] = [:]
    for rule in rules {
      let text = lines.filter { !$0.hasPrefix("rule\t") || $0 == rule }.joined(separator: "\n")
      for (kind, policy) in try PolicySettings(text: text).kinds.kinds where !policy.rules.isEmpty {
        alone[kind, default: []].append(policy)
      }
    }
    return alone
  }

  @Test func `the findings are those of each rule alone, in any order, for every kind`() throws {
    let alone = try Self.alone()
    var results: Set<String> = []
    for seed in UInt64(1)...1_000 {
      var random = SeededRandom(seed: seed)
      let facts = RandomFacts.make(&random)
      for kind in self.kinds {
        let together = self.engine.findings(facts, for: kind)
        let singles = try #require(alone[kind.kind]).shuffled(using: &random)
        let apart = singles.flatMap { self.engine.findings(facts, for: $0) }
        #expect(Set(together) == Set(apart), "seed \(seed) \(kind.kind)")
        #expect(together.count == apart.count, "seed \(seed) \(kind.kind)")
        #expect(together.map(\.rule) == kind.rules.map(\.rule), "seed \(seed) \(kind.kind)")
        results.formUnion(together.map { "\($0.rule.rawValue) \($0.result.rawValue)" })
      }
    }
    // Every rule was seen met and not met, else the test would say little.
    for rule in EligibilityRule.allCases {
      for result in [Finding.Result.met, .notMet] where !Self.neverFails(rule, result) {
        #expect(results.contains("\(rule.rawValue) \(result.rawValue)"))
      }
    }
  }

  /// A suspended permit can be converted in Zhejiang.
  private static func neverFails(_ rule: EligibilityRule, _ result: Finding.Result) -> Bool {
    rule == .permitSuspended && result == .notMet
  }

  @Test func `what is missing is named exactly where nothing can be said`() {
    for seed in UInt64(1)...1_500 {
      var random = SeededRandom(seed: seed)
      let facts = RandomFacts.make(&random)
      for kind in self.kinds {
        for finding in self.engine.findings(facts, for: kind) {
          #expect((finding.result == .notKnown) == !finding.missing.isEmpty, "seed \(seed)")
          #expect(finding.result == .notKnown || !finding.facts.isEmpty, "seed \(seed)")
          #expect(finding.metOn == nil || finding.result == .notMet, "seed \(seed)")
          #expect(!finding.article.isEmpty)
        }
      }
    }
  }

  @Test func `what is suggested is met, and nothing is where something before it would be`() {
    var suggested = 0
    for seed in UInt64(1)...3_000 {
      var random = SeededRandom(seed: seed)
      let facts = RandomFacts.make(&random)
      for kind in self.kinds {
        let judgement = Judgement(of: facts, for: kind, by: self.engine)
        let met = kind.instead.filter { other in
          self.kinds.first { $0.kind == other }
            .map { self.engine.findings(facts, for: $0).allSatisfy(\.passed) } == true
        }
        #expect(judgement.suggestion == (judgement.isClear ? nil : met.first), "seed \(seed)")
        suggested += judgement.suggestion == nil ? 0 : 1
      }
    }
    #expect(suggested > 100)
  }
}

/// Facts of which each is known or not, and one way or another, by chance.
private enum RandomFacts {
  static let units = ["330100", "330122", "331123"].map { ResidenceUnit(code: $0, name: $0) }

  static func make(_ random: inout SeededRandom) -> EligibilityFacts {
    let today = BadForm.today.adding(days: Int.random(in: 0...400, using: &random))
    var facts = EligibilityFacts(
      today: today,
      origin: self.known(["form.applicant.citizen_id"], &random) { random in
        Bool.random(using: &random)
          ? .mainland : self.pick(CitizenID.Origin.allCases, &random)
      },
      hukouUnit: self.known(["form.applicant.household_address.division_code"], &random) {
        self.pick([nil, nil] + self.units, &$0)
      },
      residenceUnit: self.known(["form.residence.division_code"], &random) {
        self.pick(self.units, &$0)
      },
      registrations: self.known(["form.applicant.citizen_id"], &random) {
        self.registrations(until: today, &$0)
      },
      permit: self.known(["form.applicant.citizen_id"], &random) { self.permit(today, &$0) },
      shown: self.known(["form.claims"], &random) { random in
        Set(Condition.allCases.filter { _ in Bool.random(using: &random) })
      })
    if Bool.random(using: &random) {
      facts.open = [self.pick(ApplicationKind.allCases, &random)]
    }
    facts.proxy = self.pick([nil, nil] + ActingCapacity.allCases, &random)
    facts.residenceDivisions = [self.pick(["330106", "330300", "331123"], &random)]
    return facts
  }

  private static func pick<Value>(_ values: [Value], _ random: inout SeededRandom) -> Value {
    values[Int.random(in: 0..<values.count, using: &random)]
  }

  private static func known<Value>(
    _ missing: [String], _ random: inout SeededRandom, _ make: (inout SeededRandom) -> Value
  ) -> Known<Value> {
    Int.random(in: 0..<6, using: &random) == 0 ? .unknown(missing) : .known(make(&random))
  }

  private static func registrations(
    until today: CivilDate, _ random: inout SeededRandom
  ) -> [RegistrationPeriod] {
    (0..<Int.random(in: 0...3, using: &random)).compactMap { _ in
      let declaredOn = today.adding(days: -Int.random(in: 0...500, using: &random))
      let days = Int.random(in: 0...300, using: &random)
      return RegistrationPeriod(
        unit: self.pick(self.units, &random).code, declaredOn: declaredOn,
        endedOn: Bool.random(using: &random) ? nil : declaredOn.adding(days: days))
    }
  }

  private static func permit(_ today: CivilDate, _ random: inout SeededRandom) -> HeldPermit? {
    if Bool.random(using: &random) { return nil }
    return HeldPermit(
      unit: self.pick([nil] + self.units, &random),
      standing: self.pick(HeldPermit.Standing.allCases, &random),
      validTo: today.adding(days: Int.random(in: -100...365, using: &random)),
      isHeld: Int.random(in: 0..<5, using: &random) == 0,
      isEndorsementPending: Int.random(in: 0..<5, using: &random) == 0)
  }
}
