import DomainModel
import TestSupport
import Testing
import Wire

@testable import IntakeCore

/// A dwelling needs no proof where the residence is the registered one.
struct RegisteredDwellingTests {
  /// A form that claims the dwelling alone, with or without naming a proof.
  private static func form(_ evidence: [ModelV1.EvidenceKind] = []) -> ModelV1.ApplicationForm {
    var form = ModelV1.ApplicationForm.adult
    form.claims = [.init(condition: .dwelling, evidence: evidence)]
    return form
  }

  /// A draft with everything but the dwelling's proof.
  private static func draft(
    _ world: World, _ form: ModelV1.ApplicationForm
  ) async throws -> IntakeV1.Application {
    var draft = try await world.draft()
    draft = try await world.update(
      draft, .commitment(.init(noticeVersion: "zhejiang-2022-1", assented: true)))
    draft = try await world.update(draft, .form(form))
    try await world.upload(.idCard, to: draft)
    try await world.upload(.photo, to: draft, bytes: Files.png)
    return draft
  }

  private static func waived(_ world: World, _ draft: IntakeV1.Application) async throws -> Bool {
    let answer = try await world.intake.checkEligibility(
      .init(applicationID: draft.applicationID), options: world.options(World.integrator))
    let shown = answer.findings.first { $0.rule == "CONDITION_NOT_SHOWN" }?.passed
    #expect(shown == answer.dwellingProofWaived)
    return answer.dwellingProofWaived
  }

  @Test(arguments: [[], [.leaseContract]] as [[ModelV1.EvidenceKind]])
  func `at the registered address it is shown without a paper`(
    evidence: [ModelV1.EvidenceKind]
  ) async throws {
    let world = try await World()
    let form = Self.form(evidence)
    world.registry.register(
      adultNumber, at: try #require(form.residence), since: "2025-03-01")
    let draft = try await Self.draft(world, form)
    #expect(try await Self.waived(world, draft))
    #expect(try await world.submit(draft).submitted)
  }

  @Test func `at another address it is to be proved`() async throws {
    let world = try await World()
    let form = Self.form([.leaseContract])
    var address = try #require(form.residence)
    address.detail = "保俶路2号"
    world.registry.register(adultNumber, at: address, since: "2025-03-01")
    let draft = try await Self.draft(world, form)
    #expect(try await Self.waived(world, draft) == false)
    let error = try await refusal { _ = try await world.submit(draft) }
    #expect(error.told == ["materials.evidence.lease_contract MATERIAL_EVIDENCE_MISSING"])
  }

  @Test func `where the policy does not waive it, it is to be proved, and nobody is asked`()
    async throws
  {
    let rules = try PolicyData.rules(
      version: "zhejiang-9", "registered_dwelling_is_proof", "false")
    let world = try await World(rules: rules)
    let form = Self.form([.leaseContract])
    world.registry.register(
      adultNumber, at: try #require(form.residence), since: "2025-03-01")
    let draft = try await Self.draft(world, form)
    let error = try await refusal { _ = try await world.submit(draft) }
    #expect(error.told == ["materials.evidence.lease_contract MATERIAL_EVIDENCE_MISSING"])
    #expect(world.registry.calls == 0)
  }
}
