import DomainModel
import TestSupport
import Testing

@testable import IntakeCore

/// Completeness: what is told of a form is what each rule says of it alone, however many are
/// broken.
struct FormCompletenessTests {
  /// Ways to break a form that do not touch one another, each with what it alone brings.
  static let independent: [BadForm] = {
    let names: Set = [
      "check character wrong", "name with digits", "sex missing", "ethnicity unknown",
      "hukou in a prefecture", "hukou street too long", "residence in Shanghai",
      "residence texts too long", "phone of a landline", "workplace too long",
      "evidence not chosen", "an old notice", "identity card not uploaded", "photo not uploaded",
      "contract not uploaded",
    ]
    let rows = BadFormsTests.adults + BadFormsTests.claims + BadFormsTests.materials
    return rows.filter { names.contains($0.name) }
  }()

  @Test func `broken together, all are told, each as it is told alone`() throws {
    #expect(Self.independent.count == 15)
    for seed in UInt64(1)...400 {
      var random = SeededRandom(seed: seed)
      let chosen = Self.independent.filter { _ in Bool.random(using: &random) }
      var draft = BadForm.goodAdult
      for row in chosen.shuffled(using: &random) { row.spoil(&draft) }
      let told = BadForm.told(try BadForm.read(draft))
      let expected = chosen.flatMap(\.expected)
      #expect(Set(told) == Set(expected), "seed \(seed)")
      #expect(told.count == expected.count, "seed \(seed)")
    }
  }

  @Test func `for any form, the defects are those of each rule alone, in any order`() throws {
    for seed in UInt64(1)...2_000 {
      var random = SeededRandom(seed: seed)
      let reading = try BadForm.read(RandomDraft.make(&random))
      let together = FormRule.defects(of: reading).violations
      var alone: [ServiceError.Violation] = []
      for rule in FormRule.allCases.shuffled(using: &random) {
        alone += FormRule.defects(of: reading, by: [rule]).violations
      }
      #expect(Set(together) == Set(alone), "seed \(seed)")
      #expect(together.count == Set(alone).count, "seed \(seed)")
    }
  }

  @Test func `a form is taken exactly where nothing is told`() throws {
    var taken = 0
    for seed in UInt64(1)...2_000 {
      var random = SeededRandom(seed: seed)
      let reading = try BadForm.read(RandomDraft.make(&random))
      let isClean = FormRule.defects(of: reading).isEmpty
      #expect(((try? ApplicationForm(reading)) != nil) == isClean, "seed \(seed)")
      taken += isClean ? 1 : 0
    }
    // Both happen, else the test would say nothing.
    #expect((1..<2_000).contains(taken))
  }
}

/// Drafts of which each part is right or wrong by chance.
private enum RandomDraft {
  static func make(_ random: inout SeededRandom) -> BadForm.Draft {
    var draft = Bool.random(using: &random) ? BadForm.goodAdult : BadForm.goodChild
    let isCalm = Bool.random(using: &random)
    func spoils() -> Bool { UInt64.random(in: 0..<(isCalm ? 40 : 3), using: &random) == 0 }
    if spoils() { draft.form.applicant = Self.identity(&random) }
    if spoils() { draft.form.residence = Self.address(&random) }
    if spoils() { draft.form.phone = Self.text(&random) }
    if spoils() { draft.form.claims = Self.claims(&random) }
    if spoils() { draft.form.guardian = Self.guardian(&random) }
    if spoils() { draft.form.workplace = Self.text(&random) }
    if spoils() {
      draft.form.changedOn = Self.pick(["", "2026-03-01", "2026-03-11", "soon"], &random)
    }
    if spoils() { draft.form.proxy = Self.proxy(&random) }
    if spoils() {
      draft.form.shownPaper = Self.pick(
        [.missing, .unknown, .known(.identityCard), .known(.electronicPermit)], &random)
    }
    if spoils() { draft.slots = draft.slots.filter { _ in Bool.random(using: &random) } }
    if spoils() { draft.noticeVersion = Bool.random(using: &random) ? nil : "zhejiang-2016-1" }
    if spoils() {
      draft.submitter = .person(
        citizenID: Self.number(&random), isFaceChecked: Bool.random(using: &random))
    }
    if spoils() { draft.kind = Self.pick(ApplicationKind.allCases, &random) }
    if spoils() { draft.channel = Self.pick(ApplicationChannel.allCases, &random) }
    return draft
  }

  private static func pick<Value>(_ values: [Value], _ random: inout SeededRandom) -> Value {
    values[Int.random(in: 0..<values.count, using: &random)]
  }

  private static func number(_ random: inout SeededRandom) -> String {
    self.pick(
      [
        adultNumber, childNumber, guardianNumber, "", "123", "11010519491231002x",
        citizenNumber(born: "1990-02-30"), citizenNumber(born: "2030-01-01"),
        citizenNumber(born: "1990-01-01", address: "810000"),
      ], &random)
  }

  private static func text(_ random: inout SeededRandom) -> String {
    self.pick(
      [
        "", " ", "王小明", "13812345678", "1", "a\u{0}b", String(repeating: "长", count: 300), "·",
        "王?",
      ], &random)
  }

  private static func identity(_ random: inout SeededRandom) -> IdentityInput {
    IdentityInput(
      citizenID: self.number(&random), name: self.text(&random),
      sex: self.pick([.missing, .unknown, .known(.male), .known(.female)], &random),
      ethnicityCode: self.pick(["01", "57", "", "1"], &random), household: self.address(&random))
  }

  private static func address(_ random: inout SeededRandom) -> AddressInput {
    AddressInput(
      divisionCode: self.pick(
        ["330106", "330100", "330103", "310101", "341221", "", "abc"], &random),
      street: self.text(&random), community: self.text(&random), detail: self.text(&random))
  }

  private static func claims(_ random: inout SeededRandom) -> [ClaimInput] {
    (0..<Int.random(in: 0...6, using: &random)).map { _ in
      let condition = Int32.random(in: 0...5, using: &random)
      let evidence = (0..<Int.random(in: 0...3, using: &random)).map { _ in
        Choice(Int32.random(in: 0...21, using: &random), EvidenceKind.init(rawValue:))
      }
      return ClaimInput(
        condition: Choice(condition, Condition.init(rawValue:)), evidence: evidence)
    }
  }

  private static func proxy(_ random: inout SeededRandom) -> ProxyInput? {
    if Bool.random(using: &random) { return nil }
    return ProxyInput(
      capacity: self.pick(
        [.missing, .unknown, .known(.relative), .known(.trustee)], &random),
      citizenID: self.number(&random), name: self.text(&random))
  }

  private static func guardian(_ random: inout SeededRandom) -> GuardianInput? {
    if Bool.random(using: &random) { return nil }
    return GuardianInput(
      citizenID: self.number(&random), name: self.text(&random),
      relation: self.pick([.missing, .unknown, .known(.parent), .known(.other)], &random))
  }
}
