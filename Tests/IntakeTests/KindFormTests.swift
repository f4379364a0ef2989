import DomainModel
import TestSupport
import Testing

@testable import IntakeCore

/// Each kind's form and materials are its policy's; a region is a file.
struct KindFormTests {
  /// What is told of a form as one of a kind, in a region.
  private static func told(
    _ draft: BadForm.Draft, as kind: ApplicationKind, in region: String = "zhejiang"
  ) throws -> [String] {
    let rules = try RegionRules(of: region, reading: PolicyTexts.text)
    let policy = try #require(rules.policy.kinds.kinds[kind])
    let reading = FormReading(
      draft.form, materials: draft.slots,
      commitment: Commitment(
        noticeVersion: rules.policy.noticeVersion, assentedAt: Timestamp(milliseconds: 0)),
      in: FormContext(
        today: BadForm.today, divisions: rules.divisions, policy: rules.policy, kind: policy,
        channel: draft.channel, submitter: draft.submitter))
    return BadForm.told(reading)
  }

  /// A form that says who applies, and nothing else.
  private static var person: BadForm.Draft {
    var draft = BadForm.goodAdult
    draft.form = FormInput(applicant: draft.form.applicant)
    draft.slots = []
    return draft
  }

  @Test func `a loss report asks who lost it, and wants nothing else`() throws {
    #expect(try Self.told(Self.person, as: .lossReport) == [])
    #expect(
      try Set(Self.told(BadForm.goodAdult, as: .lossReport)) == [
        "form.residence FIELD_NOT_WANTED", "form.phone FIELD_NOT_WANTED",
        "form.claims FIELD_NOT_WANTED", "form.workplace FIELD_NOT_WANTED",
      ])
  }

  @Test func `a change of address asks for the address and no condition`() throws {
    var draft = Self.person
    draft.form.residence = FormInput.adult().residence
    draft.form.phone = "13812345678"
    draft.form.changedOn = "2026-03-01"
    draft.slots = [MaterialSlot(.idCard)]
    #expect(try Self.told(draft, as: .addressChange) == [])
    draft.form.residence = AddressInput()
    let told = try Self.told(draft, as: .addressChange)
    #expect(told.contains("form.residence.division_code FIELD_MISSING"))
    #expect(told.contains("form.residence.street ADDRESS_STREET_MISSING"))
  }

  @Test func `a correction asks for its proof and a photo for the new face`() throws {
    var draft = Self.person
    draft.form.phone = "13812345678"
    draft.slots = [MaterialSlot(.idCard)]
    #expect(
      try Self.told(draft, as: .faceDataCorrection) == [
        "materials.photo MATERIAL_PHOTO_MISSING", "materials.correction_proof MATERIAL_MISSING",
      ])
  }

  @Test func `a child's report comes through the guardian with both papers`() throws {
    var draft = BadForm.goodChild
    draft.form = FormInput(applicant: draft.form.applicant)
    draft.slots = []
    #expect(try Self.told(draft, as: .lossReport) == ["form.guardian GUARDIAN_MISSING"])
    draft.form.guardian = FormInput.child().guardian
    #expect(try Self.told(draft, as: .lossReport) == [])
    #expect(
      try Self.told(draft, as: .lossWithdrawal) == ["materials.id_card MATERIAL_ID_CARD_MISSING"])
  }

  @Test func `whose own face was just checked needs no card`() throws {
    var draft = BadForm.goodAdult
    draft.slots.remove(MaterialSlot(.idCard))
    let missing = ["materials.id_card MATERIAL_ID_CARD_MISSING"]
    #expect(try Self.told(draft, as: .firstPermit) == missing)
    draft.submitter = .person(citizenID: adultNumber, isFaceChecked: false)
    #expect(try Self.told(draft, as: .firstPermit) == missing)
    draft.submitter = .person(citizenID: adultNumber, isFaceChecked: true)
    #expect(try Self.told(draft, as: .firstPermit) == [])
    // A mother's face says nothing of the child's identity.
    var child = BadForm.goodChild
    child.slots.remove(MaterialSlot(.idCard))
    child.submitter = .person(citizenID: guardianNumber, isFaceChecked: true)
    #expect(try Self.told(child, as: .firstPermit) == missing)
  }

  /// A form of somebody who lives in Shanghai.
  private static func inShanghai(_ claims: [ClaimInput]) -> BadForm.Draft {
    var draft = BadForm.goodAdult
    draft.form.residence.divisionCode = "310106"
    draft.form.claims = claims
    draft.slots = [MaterialSlot(.evidence, evidence: .leaseFiling)]
    return draft
  }

  @Test func `Shanghai registers on a dwelling, and looks at the card at the counter`() throws {
    let lease = ClaimInput(condition: .known(.dwelling), evidence: [.known(.leaseFiling)])
    var draft = Self.inShanghai([lease])
    #expect(try Self.told(draft, as: .residenceRegistration, in: "shanghai") == [])
    draft.channel = .window
    #expect(
      try Self.told(draft, as: .residenceRegistration, in: "shanghai") == [
        "materials.id_card MATERIAL_ID_CARD_MISSING"
      ])
  }

  @Test func `Shanghai takes neither every condition nor every evidence`() throws {
    let claims = [
      ClaimInput(condition: .known(.dwelling), evidence: [.known(.leaseContract)]),
      ClaimInput(condition: .known(.talent), evidence: [.known(.talentList)]),
    ]
    var draft = Self.inShanghai(claims)
    draft.slots = [
      MaterialSlot(.evidence, evidence: .leaseContract), MaterialSlot(.photo),
      MaterialSlot(.evidence, evidence: .talentList), MaterialSlot(.idCard),
    ]
    #expect(
      try Set(Self.told(draft, as: .firstPermit, in: "shanghai")) == [
        "form.claims[0].evidence[0] EVIDENCE_NOT_TAKEN",
        "form.claims[1].condition CONDITION_NOT_OFFERED",
      ])
  }

  @Test func `an address in Zhejiang is not one of Shanghai`() throws {
    let told = try Self.told(BadForm.goodAdult, as: .firstPermit, in: "shanghai")
    #expect(told.contains("form.residence.division_code DIVISION_OUTSIDE_REGION"))
  }
}
