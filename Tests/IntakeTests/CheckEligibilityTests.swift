import DomainModel
import RPC
import ServiceCore
import TestSupport
import Testing
import Wire

@testable import IntakeCore

struct CheckEligibilityTests {
  @Test func `every rule answers, with its article and both sentences`() async throws {
    let world = try await World()
    let draft = try await world.readyDraft()
    let answer = try await Self.check(world, draft)
    #expect(answer.eligible)
    #expect(answer.findings.map(\.rule) == (try PolicyData.rulesOfFirstPermit()))
    #expect(answer.kind == .firstPermit && answer.suggestedKind == .unspecified)
    #expect(answer.policyVersion == "zhejiang-1")
    #expect(
      answer.findings.allSatisfy {
        $0.passed && !$0.article.isEmpty && !$0.english.isEmpty && !$0.chinese.isEmpty
          && $0.result == .met && !$0.facts.isEmpty && $0.missing.isEmpty
      })
  }

  @Test func `the day on which waiting helps is told`() async throws {
    let world = try await World()
    let draft = try await world.readyDraft(since: "2025-10-31")
    let failed = try await Self.failed(world, draft)
    #expect(failed.map(\.rule) == ["HALF_YEAR_NOT_REACHED"])
    #expect(failed.map(\.metOn) == ["2026-04-30"])
  }

  @Test func `a person nobody has registered fails two rules at once`() async throws {
    let world = try await World()
    let draft = try await world.readyDraft(since: nil)
    #expect(
      try await Self.failed(world, draft).map(\.rule) == [
        "NOT_REGISTERED_HERE", "HALF_YEAR_NOT_REACHED",
      ])
  }

  @Test func `an unreadable number and address are told, and nothing else`() async throws {
    let world = try await World()
    var form = ModelV1.ApplicationForm.adult.of("11010519491231002Y")
    form.residence?.divisionCode = "310101"
    form.phone = ""
    let draft = try await world.update(try await world.draft(), .form(form))
    let error = try await refusal { _ = try await Self.check(world, draft) }
    #expect(
      error.told == [
        "form.applicant.citizen_id CITIZEN_ID_CHARACTERS",
        "form.residence.division_code DIVISION_OUTSIDE_REGION",
      ])
    #expect(world.registry.calls == 0)
  }

  @Test func `an empty draft is told what it takes, rule by rule`() async throws {
    let world = try await World()
    let answer = try await Self.check(world, try await world.draft())
    #expect(!answer.eligible)
    let open = answer.findings.filter { $0.result == .notKnown }
    #expect(
      open.map { "\($0.rule) \($0.missing.joined(separator: " "))" } == [
        "HUKOU_IS_LOCAL form.applicant.household_address.division_code "
          + "form.residence.division_code",
        "NOT_REGISTERED_HERE form.residence.division_code form.applicant.citizen_id",
        "HALF_YEAR_NOT_REACHED form.applicant.citizen_id form.residence.division_code",
        "LIVE_PERMIT_EXISTS form.applicant.citizen_id",
        "ID_NOT_MAINLAND form.applicant.citizen_id", "CONDITION_NOT_SHOWN form.claims",
      ])
    #expect(open.allSatisfy { !$0.passed && !$0.english.isEmpty && !$0.chinese.isEmpty })
    #expect(world.registry.calls == 0)
  }

  @Test(arguments: [
    ("810000", "hong_kong"), ("820000", "macau"), ("830000", "taiwan"), ("900000", "foreigner"),
  ])
  func `who has a document of his own is sent to it`(address: String, origin: String) async throws {
    let world = try await World()
    let number = citizenNumber(born: "1990-01-01", address: address)
    let draft = try await world.update(
      try await world.draft(), .form(ModelV1.ApplicationForm.adult.of(number)))
    let failed = try await Self.failed(world, draft).filter { $0.result == .notMet }
    let finding = try #require(failed.first { $0.rule == "ID_NOT_MAINLAND" })
    #expect(finding.facts.contains(ModelV1.Fact(name: "number_of", value: origin)))
    let isForeign = origin == "foreigner"
    #expect(
      finding.facts.last
        == ModelV1.Fact(
          name: "document", value: isForeign ? "外国人永久居留身份证" : "港澳台居民居住证"))
    #expect(finding.chinese.contains("港澳台居民居住证"))
    #expect(finding.article.contains("第三十八条"))
    #expect(world.registry.calls == 0)
  }

  @Test func `local hukou is told with its reason, and nothing is suggested`() async throws {
    let world = try await World()
    var form = ModelV1.ApplicationForm.adult
    form.applicant?.householdAddress?.divisionCode = "330102"
    let answer = try await Self.check(world, try await world.readyDraft(form))
    let failed = answer.findings.filter { !$0.passed }
    #expect(failed.map(\.rule) == ["HUKOU_IS_LOCAL"])
    #expect(failed[0].article == "《浙江省流动人口居住登记条例》第二条")
    #expect(failed[0].facts.map(\.value) == ["330100", "330100"])
    #expect(answer.suggestedKind == .unspecified)
  }

  struct Suggestion: Sendable, CustomTestStringConvertible {
    let testDescription: String
    var since: String? = "2025-03-01"
    var permit: (division: String, validTo: String, state: RegistryV1.PermitState)?
    var asked = ModelV1.ApplicationKind.firstPermit
    let suggested: ModelV1.ApplicationKind
  }

  static let suggestions = [
    Suggestion(
      testDescription: "a permit of another unit is converted",
      permit: ("330122", "2026-12-01", .valid), suggested: .conversionByPermit),
    Suggestion(
      testDescription: "a suspended one of another unit too",
      permit: ("330122", "2026-01-01", .suspended), suggested: .conversionByPermit),
    Suggestion(
      testDescription: "one of this unit in its window is endorsed",
      permit: ("330106", "2026-04-01", .endorsementWindow), suggested: .endorsement),
    Suggestion(
      testDescription: "a suspended one of this unit too, late",
      permit: ("330106", "2026-01-01", .suspended), suggested: .endorsement),
    Suggestion(
      testDescription: "who is not registered registers", since: nil,
      suggested: .residenceRegistration),
    Suggestion(
      testDescription: "an endorsement of another unit's permit is a conversion",
      permit: ("330122", "2026-12-01", .valid), asked: .endorsement,
      suggested: .conversionByPermit),
    Suggestion(
      testDescription: "an endorsement without a permit is a first one", asked: .endorsement,
      suggested: .firstPermit),
    Suggestion(
      testDescription: "a lost permit is reported back before it is endorsed",
      permit: ("330106", "2026-04-01", .lost), asked: .endorsement, suggested: .lossWithdrawal),
    Suggestion(
      testDescription: "a move out of the unit is a conversion",
      permit: ("330122", "2026-12-01", .valid), asked: .addressChange,
      suggested: .conversionByPermit),
    Suggestion(
      testDescription: "who is registered changes", asked: .residenceRegistration,
      suggested: .addressChange),
  ]

  @Test(arguments: Self.suggestions)
  func `what to apply for instead is a kind whose every rule is met`(row: Suggestion) async throws {
    let world = try await World()
    let draft = try await world.readyDraft(since: row.since)
    if let permit = row.permit {
      world.registry.issue(adultNumber, in: permit.division, to: permit.validTo, permit.state)
    }
    let answer = try await Self.check(world, draft, as: row.asked)
    #expect(!answer.eligible)
    #expect(answer.suggestedKind == row.suggested)
    let other = try await Self.check(world, draft, as: row.suggested)
    #expect(other.eligible)
    #expect(other.suggestedKind == .unspecified)
  }

  @Test func `whose half year is not over waits: nothing is better`() async throws {
    let world = try await World()
    let answer = try await Self.check(world, try await world.readyDraft(since: "2026-01-01"))
    #expect(answer.findings.filter { !$0.passed }.map(\.metOn) == ["2026-07-01"])
    #expect(answer.suggestedKind == .unspecified)
  }

  @Test(arguments: ApplicationKind.allCases)
  func `every kind is explained, though not every kind is open`(kind: ApplicationKind) async throws
  {
    let world = try await World()
    let draft = try await world.readyDraft()
    let answer = try await Self.check(world, draft, as: .init(kind))
    let policy = try #require(try PolicyData.rules.get().policy.kinds.kinds[kind])
    #expect(answer.findings.map(\.rule) == policy.rules.map(\.rule.rawValue))
    #expect(answer.findings.map(\.article) == policy.rules.map(\.ground))
    #expect(answer.kind == .init(kind))
    #expect(!answer.findings.contains { $0.result == .notKnown })
  }

  @Test func `an application in progress is told by the table of conflicts`() async throws {
    let world = try await World()
    _ = try await world.submitted()
    let draft = try await world.readyDraft()
    let failed = try await Self.failed(world, draft)
    #expect(failed.map(\.rule) == ["APPLICATION_IN_CONFLICT"])
    #expect(failed[0].facts == [ModelV1.Fact(name: "in_conflict", value: "first_permit")])
    let report = try await Self.check(world, draft, as: .contactChange)
    #expect(report.eligible)
  }

  @Test func `a version can be asked for while it is in force`() async throws {
    let first = try await World()
    let draft = try await first.readyDraft()
    let world = try await World(
      again: first, policies: PolicyData.followed(on: "2026-03-10"))
    #expect(try await Self.check(world, draft).policyVersion == "zhejiang-2")
    #expect(try await Self.check(world, draft, by: "zhejiang-2").policyVersion == "zhejiang-2")
    let old = try await refusal { _ = try await Self.check(world, draft, by: "zhejiang-1") }
    #expect(old.reason == "POLICY_NOT_IN_FORCE")
    let unknown = try await refusal { _ = try await Self.check(world, draft, by: "zhejiang-3") }
    #expect(unknown.reason == "POLICY_UNKNOWN")
  }

  @Test func `Shanghai judges by its own file and the same code`() async throws {
    let rules = try RegionRules(of: "shanghai", reading: PolicyTexts.text)
    let world = try await World(rules: rules)
    var form = ModelV1.ApplicationForm.adult
    form.residence?.divisionCode = "310106"
    form.claims = [ModelV1.ConditionClaim(condition: .dwelling, evidence: [.leaseFiling])]
    world.registry.register(adultNumber, division: "310115", since: "2025-03-01")
    var draft = try await world.draft()
    draft = try await world.update(draft, .form(form))
    try await world.upload(.evidence, .leaseFiling, to: draft)
    let permit = try await Self.check(world, draft)
    #expect(permit.eligible)
    #expect(permit.policyVersion == "shanghai-1")
    #expect(permit.findings.contains { $0.article.contains("上海市居住证办理一件事") })
    let registration = try await Self.check(world, draft, as: .residenceRegistration)
    #expect(registration.findings.filter { !$0.passed }.map(\.rule) == ["ALREADY_REGISTERED_HERE"])
    let none = try await refusal { _ = try await Self.check(world, draft, as: .endorsement) }
    #expect(none.reason == "KIND_NOT_OFFERED")
  }

  @Test func `while the registry is away the caller hears that`() async throws {
    let world = try await World()
    let draft = try await world.readyDraft()
    world.registry.goAway(true)
    let error = try await refusal { _ = try await Self.check(world, draft) }
    #expect(error.code == .unavailable)
  }

  static func check(
    _ world: World, _ draft: IntakeV1.Application,
    as kind: ModelV1.ApplicationKind = .unspecified, by version: String = ""
  ) async throws -> IntakeV1.CheckEligibilityResponse {
    try await world.intake.checkEligibility(
      .init(applicationID: draft.applicationID, kind: kind, policyVersion: version),
      options: world.options(World.integrator))
  }

  static func failed(
    _ world: World, _ draft: IntakeV1.Application
  ) async throws -> [ModelV1.Finding] {
    try await Self.check(world, draft).findings.filter { !$0.passed }
  }
}
