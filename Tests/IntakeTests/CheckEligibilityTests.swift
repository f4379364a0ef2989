import DomainModel
import RPC
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
    #expect(answer.findings.map(\.rule) == EligibilityRule.allCases.map(\.rawValue))
    #expect(
      answer.findings.allSatisfy {
        $0.passed && !$0.article.isEmpty && !$0.english.isEmpty && !$0.chinese.isEmpty
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

  @Test func `while the registry is away the caller hears that`() async throws {
    let world = try await World()
    let draft = try await world.readyDraft()
    world.registry.goAway(true)
    let error = try await refusal { _ = try await Self.check(world, draft) }
    #expect(error.code == .unavailable)
  }

  static func check(
    _ world: World, _ draft: IntakeV1.Application
  ) async throws -> IntakeV1.CheckEligibilityResponse {
    try await world.intake.checkEligibility(
      .init(applicationID: draft.applicationID), options: world.options(World.integrator))
  }

  static func failed(
    _ world: World, _ draft: IntakeV1.Application
  ) async throws -> [ModelV1.Finding] {
    try await Self.check(world, draft).findings.filter { !$0.passed }
  }
}
