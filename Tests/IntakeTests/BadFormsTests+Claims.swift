import DomainModel

@testable import IntakeCore

extension BadFormsTests {
  static let claims: [BadForm] = [
    BadForm("no condition", ["form.claims CONDITION_MISSING"]) { $0.form.claims = [] },
    BadForm("condition not chosen", ["form.claims[0].condition FIELD_MISSING"]) {
      $0.form.claims[0].condition = .missing
    },
    BadForm("condition of a later contract", ["form.claims[0].condition VALUE_UNKNOWN"]) {
      $0.form.claims[0].condition = .unknown
    },
    BadForm("condition claimed twice", ["form.claims[1].condition CONDITION_REPEATED"]) {
      $0.form.claims.append($0.form.claims[0])
    },
    BadForm("condition without evidence", ["form.claims[0].evidence EVIDENCE_MISSING"]) {
      $0.form.claims[0].evidence = []
    },
    BadForm("talent by a tick alone", ["form.claims[0].evidence EXEMPTION_EVIDENCE_MISSING"]) {
      $0.form.claims = [ClaimInput(condition: .known(.talent), evidence: [])]
    },
    BadForm(
      "evidence of another condition",
      [
        "form.claims[0].evidence[1] EVIDENCE_NOT_OF_CONDITION"
      ]
    ) { $0.form.claims[0].evidence.append(.known(.leaseContract)) },
    BadForm("evidence not chosen", ["form.claims[0].evidence[1] FIELD_MISSING"]) {
      $0.form.claims[0].evidence.append(.missing)
    },
    BadForm("evidence of a later contract", ["form.claims[0].evidence[0] VALUE_UNKNOWN"]) {
      $0.form.claims[0].evidence = [.unknown]
    },
    BadForm(
      "more claims than there are conditions",
      [
        "form.claims NUMBER_OUT_OF_RANGE", "form.claims[1].condition CONDITION_REPEATED",
        "form.claims[2].condition CONDITION_REPEATED",
        "form.claims[3].condition CONDITION_REPEATED",
        "form.claims[4].condition CONDITION_REPEATED",
      ]
    ) { $0.form.claims = Array(repeating: $0.form.claims[0], count: 5) },
  ]

  static let materials: [BadForm] = [
    BadForm("identity card not uploaded", ["materials.id_card MATERIAL_ID_CARD_MISSING"]) {
      $0.slots.remove(MaterialSlot(.idCard))
    },
    BadForm("photo not uploaded", ["materials.photo MATERIAL_PHOTO_MISSING"]) {
      $0.slots.remove(MaterialSlot(.photo))
    },
    BadForm(
      "contract not uploaded",
      [
        "materials.evidence.labour_contract MATERIAL_EVIDENCE_MISSING"
      ]
    ) { $0.slots.remove(MaterialSlot(.evidence, evidence: .labourContract)) },
    BadForm(
      "one of two kinds of evidence not uploaded",
      [
        "materials.evidence.own_house MATERIAL_EVIDENCE_MISSING"
      ]
    ) {
      $0.form.claims.append(
        ClaimInput(condition: .known(.dwelling), evidence: [.known(.ownHouse)]))
    },
    BadForm(
      "nothing uploaded",
      [
        "materials.id_card MATERIAL_ID_CARD_MISSING", "materials.photo MATERIAL_PHOTO_MISSING",
        "materials.evidence.labour_contract MATERIAL_EVIDENCE_MISSING",
      ]
    ) { $0.slots = [] },
  ]

  static let children: [BadForm] = [
    BadForm("child without guardian", ["form.guardian GUARDIAN_MISSING"]) {
      $0.form.guardian = nil
    },
    BadForm(
      "guardian without anything",
      [
        "form.guardian.citizen_id FIELD_MISSING", "form.guardian.name FIELD_MISSING",
        "form.guardian.relation FIELD_MISSING",
      ]
    ) { $0.form.guardian = GuardianInput() },
    BadForm("guardian's number wrong", ["form.guardian.citizen_id CITIZEN_ID_CHECK_DIGIT"]) {
      $0.form.guardian?.citizenID = "110105194912310021"
    },
    BadForm("guardian under age", ["form.guardian.citizen_id GUARDIAN_TOO_YOUNG"]) {
      $0.form.guardian?.citizenID = citizenNumber(born: "2008-03-11", sequence: 24)
    },
    BadForm(
      "guardian is the child",
      [
        "form.guardian.citizen_id GUARDIAN_SAME_PERSON",
        "form.guardian.citizen_id GUARDIAN_TOO_YOUNG",
      ]
    ) { $0.form.guardian?.citizenID = childNumber },
    BadForm("guardian's relation of a later contract", ["form.guardian.relation VALUE_UNKNOWN"]) {
      $0.form.guardian?.relation = .unknown
    },
    BadForm(
      "guardian's papers not uploaded",
      [
        "materials.guardian_id_card MATERIAL_GUARDIAN_ID_MISSING",
        "materials.guardianship_proof MATERIAL_GUARDIANSHIP_MISSING",
      ]
    ) {
      $0.slots.remove(MaterialSlot(.guardianIDCard))
      $0.slots.remove(MaterialSlot(.guardianshipProof))
    },
    BadForm(
      "nothing uploaded for a child",
      [
        "materials.id_card MATERIAL_ID_CARD_MISSING", "materials.photo MATERIAL_PHOTO_MISSING",
        "materials.evidence.primary_school MATERIAL_EVIDENCE_MISSING",
        "materials.guardian_id_card MATERIAL_GUARDIAN_ID_MISSING",
        "materials.guardianship_proof MATERIAL_GUARDIANSHIP_MISSING",
      ]
    ) { $0.slots = [] },
    BadForm(
      "a stranger for the child",
      [
        "form.applicant.citizen_id APPLICANT_NOT_CALLER"
      ]
    ) { $0.submitter = .person(citizenID: adultNumber, isFaceChecked: false) },
    BadForm("sixteen today, and a guardian still", ["form.guardian FIELD_NOT_WANTED"]) {
      $0.form.applicant.citizenID = citizenNumber(born: "2010-03-10", sequence: 21)
    },
  ]
}
