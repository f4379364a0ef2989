import DomainModel
import RPC
import Storage
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

  @Test func `a mother finds what a platform submitted for her child`() async throws {
    let world = try await World()
    let draft = try await world.readyDraft(.child)
    try await world.upload(.guardianIDCard, to: draft)
    try await world.upload(.guardianshipProof, to: draft)
    #expect(try await world.submit(draft).submitted)
    #expect(try await world.get(draft.applicationID, by: Self.mother).state == .submitted)
    let listed = try await world.intake.listApplications(
      .init(), options: world.options(Self.mother))
    #expect(listed.applications.map(\.applicationID) == [draft.applicationID])
    let stranger = Caller(kind: .applicant, id: "stranger", citizenID: adultNumber)
    let error = try await refusal { _ = try await world.get(draft.applicationID, by: stranger) }
    #expect(error.reason == ErrorReason.applicationNotFound.rawValue)
  }

  @Test func `the history says as what somebody acted`() async throws {
    let world = try await World()
    let act = Login.Act(id: "mother", capacity: .guardian)
    let child = Caller(
      kind: .applicant, id: "child", citizenID: childNumber, login: Login(act: act))
    let draft = try await world.draft(by: child)
    let history = try await world.store.read { snapshot in
      try snapshot.rows(
        "SELECT actor, role FROM history WHERE entity = \(draft.applicationID)"
      ).map { [try $0.text("actor"), try $0.text("role")] }
    }
    #expect(history == [["applicant:child", "guardian"]])
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
