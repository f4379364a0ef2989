import DomainModel
import RPC
import TestSupport
import Testing
import Wire

@testable import IntakeCore

/// Children under 16 apply through a guardian, talents without the half year.
struct GuardianTests {
  static let mother = Caller(kind: .applicant, id: "li", citizenID: guardianNumber)

  @Test func `a mother applies for her child`() async throws {
    let world = try await World()
    let draft = try await world.readyDraft(.child, by: Self.mother)
    let missing = try await refusal { _ = try await world.submit(draft, by: Self.mother) }
    #expect(
      missing.told == [
        "materials.guardian_id_card MATERIAL_GUARDIAN_ID_MISSING",
        "materials.guardianship_proof MATERIAL_GUARDIANSHIP_MISSING",
      ])
    try await world.upload(.guardianIDCard, to: draft, by: Self.mother)
    try await world.upload(.guardianshipProof, to: draft, by: Self.mother)
    #expect(try await world.submit(draft, by: Self.mother).submitted)
    let application = try await world.get(draft.applicationID, by: Self.mother)
    #expect(application.form?.guardian?.name == "李梅")
    // The child is the person: he finds it himself one day, and cannot have a second one.
    let child = Caller(kind: .applicant, id: "child", citizenID: childNumber)
    #expect(try await world.get(draft.applicationID, by: child).state == .submitted)
  }

  @Test func `nobody applies for a stranger`() async throws {
    let world = try await World()
    let draft = try await world.readyDraft(.adult, by: Self.mother)
    let error = try await refusal { _ = try await world.submit(draft, by: Self.mother) }
    #expect(error.told == ["form.applicant.citizen_id APPLICANT_NOT_CALLER"])
  }

  @Test func `a person applies for himself`() async throws {
    let world = try await World()
    let draft = try await world.readyDraft(.adult, by: World.applicant)
    #expect(try await world.submit(draft, by: World.applicant).submitted)
  }

  @Test func `a talent is exempt by the uploaded paper`() async throws {
    let world = try await World()
    var form = ModelV1.ApplicationForm.adult
    form.claims = [ModelV1.ConditionClaim(condition: .talent, evidence: [.talentRecognition])]
    let draft = try await world.readyDraft(form, since: "2026-03-01")
    let answer = try await world.submit(draft)
    #expect(answer.submitted)
    #expect(answer.findings.allSatisfy { $0.passed })
  }
}
