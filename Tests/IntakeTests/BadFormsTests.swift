import DomainModel
import Testing

@testable import IntakeCore

/// Each bad form breaks one rule or several, and is told exactly that: nothing less (Decree 663,
/// Art. 9: 一次性告知), nothing more.
struct BadFormsTests {
  @Test(arguments: Self.adults + Self.claims + Self.materials)
  func `a bad form gets exactly the violations it should`(row: BadForm) throws {
    let told = BadForm.told(try row.reading(of: BadForm.goodAdult))
    #expect(Set(told) == row.expected)
    #expect(told.count == row.expected.count)
  }

  @Test(arguments: Self.children)
  func `a bad form of a child gets exactly the violations it should`(row: BadForm) throws {
    let told = BadForm.told(try row.reading(of: BadForm.goodChild))
    #expect(Set(told) == row.expected)
    #expect(told.count == row.expected.count)
  }

  @Test func `good forms have none`() throws {
    #expect(BadForm.told(try BadForm.read(BadForm.goodAdult)) == [])
    #expect(BadForm.told(try BadForm.read(BadForm.goodChild)) == [])
  }

  @Test func `the table has at least 40 rows`() {
    let rows = Self.adults + Self.claims + Self.materials + Self.children
    #expect(rows.count >= 40)
    #expect(Set(rows.map(\.name)).count == rows.count)
  }
}

extension BadFormsTests {
  private static let number = "form.applicant.citizen_id"

  static let adults: [BadForm] = [
    BadForm("number missing", ["\(number) FIELD_MISSING"]) { $0.form.applicant.citizenID = " " },
    BadForm("number too short", ["\(number) CITIZEN_ID_LENGTH"]) {
      $0.form.applicant.citizenID = String(adultNumber.dropLast())
    },
    BadForm("number of 15 digits", ["\(number) CITIZEN_ID_OBSOLETE"]) {
      $0.form.applicant.citizenID = "341221900517001"
    },
    BadForm("number with a letter", ["\(number) CITIZEN_ID_CHARACTERS"]) {
      $0.form.applicant.citizenID = "34122119900517O11X"
    },
    BadForm(
      "number with a NUL",
      [
        "\(number) CITIZEN_ID_LENGTH", "\(number) TEXT_CONTROL_CHARACTER",
        "\(number) CITIZEN_ID_CHARACTERS",
      ]
    ) { $0.form.applicant.citizenID = adultNumber + "\u{0}" },
    BadForm("check character wrong", ["\(number) CITIZEN_ID_CHECK_DIGIT"]) {
      let last = adultNumber.last == "1" ? "2" : "1"
      $0.form.applicant.citizenID = adultNumber.dropLast() + last
    },
    BadForm("born on 30 February", ["\(number) CITIZEN_ID_BIRTH_DATE"]) {
      $0.form.applicant.citizenID = citizenNumber(born: "1990-02-30", sequence: 11)
    },
    BadForm("born tomorrow", ["\(number) CITIZEN_ID_BIRTH_IN_FUTURE"]) {
      $0.form.applicant.citizenID = citizenNumber(born: "2026-03-11", sequence: 11)
    },
    BadForm("resident of Hong Kong", ["\(number) CITIZEN_ID_NOT_MAINLAND"]) {
      $0.form.applicant.citizenID = citizenNumber(
        born: "1990-05-17", sequence: 11, address: "810000")
    },
    BadForm("resident of Macau", ["\(number) CITIZEN_ID_NOT_MAINLAND"]) {
      $0.form.applicant.citizenID = citizenNumber(
        born: "1990-05-17", sequence: 11, address: "820000")
    },
    BadForm("resident of Taiwan", ["\(number) CITIZEN_ID_NOT_MAINLAND"]) {
      $0.form.applicant.citizenID = citizenNumber(
        born: "1990-05-17", sequence: 11, address: "830000")
    },
    BadForm("address code of nowhere", ["\(number) CITIZEN_ID_ADDRESS_CODE"]) {
      $0.form.applicant.citizenID = citizenNumber(
        born: "1990-05-17", sequence: 11, address: "041221")
    },
    BadForm("name missing", ["form.applicant.name FIELD_MISSING"]) { $0.form.applicant.name = "" },
    BadForm("name too long", ["form.applicant.name NAME_TOO_LONG"]) {
      $0.form.applicant.name = String(repeating: "𬎆", count: 51)
    },
    BadForm("name with digits", ["form.applicant.name NAME_CHARACTERS"]) {
      $0.form.applicant.name = "王2"
    },
    BadForm("name with a tab", ["form.applicant.name TEXT_CONTROL_CHARACTER"]) {
      $0.form.applicant.name = "王\t小明"
    },
    BadForm("name with two dots together", ["form.applicant.name NAME_MIDDLE_DOT"]) {
      $0.form.applicant.name = "阿依古丽··买买提"
    },
    BadForm("sex missing", ["form.applicant.sex FIELD_MISSING"]) {
      $0.form.applicant.sex = .missing
    },
    BadForm("sex of a later contract", ["form.applicant.sex VALUE_UNKNOWN"]) {
      $0.form.applicant.sex = .unknown
    },
    BadForm("sex against the number", ["form.applicant.sex SEX_NOT_MATCHING_ID"]) {
      $0.form.applicant.sex = .known(.female)
    },
    BadForm("ethnicity missing", ["form.applicant.ethnicity_code FIELD_MISSING"]) {
      $0.form.applicant.ethnicityCode = ""
    },
    BadForm("ethnicity unknown", ["form.applicant.ethnicity_code ETHNICITY_UNKNOWN"]) {
      $0.form.applicant.ethnicityCode = "57"
    },
    BadForm(
      "hukou address missing",
      [
        "form.applicant.household_address.division_code FIELD_MISSING",
        "form.applicant.household_address.detail ADDRESS_DETAIL_MISSING",
      ]
    ) { $0.form.applicant.household = AddressInput() },
    BadForm(
      "hukou in a code that never was",
      [
        "form.applicant.household_address.division_code DIVISION_UNKNOWN"
      ]
    ) { $0.form.applicant.household.divisionCode = "999999" },
    BadForm(
      "hukou in a prefecture",
      [
        "form.applicant.household_address.division_code DIVISION_NOT_COUNTY"
      ]
    ) { $0.form.applicant.household.divisionCode = "330100" },
    BadForm(
      "hukou street too long",
      [
        "form.applicant.household_address.street TEXT_TOO_LONG"
      ]
    ) { $0.form.applicant.household.street = String(repeating: "镇", count: 51) },
    BadForm(
      "residence missing",
      [
        "form.residence.division_code FIELD_MISSING",
        "form.residence.street ADDRESS_STREET_MISSING",
        "form.residence.detail ADDRESS_DETAIL_MISSING",
      ]
    ) { $0.form.residence = AddressInput() },
    BadForm("residence in Shanghai", ["form.residence.division_code DIVISION_OUTSIDE_REGION"]) {
      $0.form.residence.divisionCode = "310101"
    },
    BadForm(
      "residence in an abolished district",
      [
        "form.residence.division_code DIVISION_ABOLISHED"
      ]
    ) { $0.form.residence.divisionCode = "330103" },
    BadForm("residence in a prefecture", ["form.residence.division_code DIVISION_NOT_COUNTY"]) {
      $0.form.residence.divisionCode = "330100"
    },
    BadForm(
      "residence texts too long",
      [
        "form.residence.community TEXT_TOO_LONG", "form.residence.detail TEXT_TOO_LONG",
      ]
    ) {
      $0.form.residence.community = String(repeating: "社", count: 51)
      $0.form.residence.detail = String(repeating: "号", count: 201)
    },
    BadForm("phone missing", ["form.phone FIELD_MISSING"]) { $0.form.phone = "" },
    BadForm("phone of a landline", ["form.phone PHONE_INVALID"]) { $0.form.phone = "057187654321" },
    BadForm("workplace too long", ["form.workplace TEXT_TOO_LONG"]) {
      $0.form.workplace = String(repeating: "厂", count: 101)
    },
    BadForm("workplace with a right-to-left mark", ["form.workplace TEXT_CONTROL_CHARACTER"]) {
      $0.form.workplace = "某\u{202E}厂"
    },
    BadForm("guardian of an adult", ["form.guardian FIELD_NOT_WANTED"]) {
      $0.form.guardian = FormInput.child().guardian
    },
    BadForm("somebody else's application", ["\(number) APPLICANT_NOT_CALLER"]) {
      $0.submitter = .person(citizenID: guardianNumber, isFaceChecked: false)
    },
    BadForm("a login without a proved number", ["\(number) APPLICANT_NOT_CALLER"]) {
      $0.submitter = .person(citizenID: nil, isFaceChecked: false)
    },
    BadForm("no commitment", ["commitment.assented COMMITMENT_NOT_ASSENTED"]) {
      $0.noticeVersion = nil
    },
    BadForm("an old notice", ["commitment.notice_version NOTICE_VERSION_UNKNOWN"]) {
      $0.noticeVersion = "zhejiang-2016-1"
    },
    BadForm(
      "everything wrong that can be wrong with one person",
      [
        "\(number) CITIZEN_ID_CHECK_DIGIT", "form.applicant.name NAME_CHARACTERS",
        "form.applicant.sex FIELD_MISSING", "form.applicant.ethnicity_code ETHNICITY_UNKNOWN",
        "form.applicant.household_address.division_code DIVISION_UNKNOWN",
        "form.residence.division_code DIVISION_OUTSIDE_REGION", "form.phone PHONE_INVALID",
      ]
    ) {
      $0.form.applicant.citizenID = "110105194912310021"
      $0.form.applicant.name = "王?"
      $0.form.applicant.sex = .missing
      $0.form.applicant.ethnicityCode = "99"
      $0.form.applicant.household.divisionCode = "000000"
      $0.form.residence.divisionCode = "310101"
      $0.form.phone = "12812345678"
    },
    BadForm(
      "an empty form",
      [
        "\(number) FIELD_MISSING", "form.applicant.name FIELD_MISSING",
        "form.applicant.sex FIELD_MISSING", "form.applicant.ethnicity_code FIELD_MISSING",
        "form.applicant.household_address.division_code FIELD_MISSING",
        "form.applicant.household_address.detail ADDRESS_DETAIL_MISSING",
        "form.residence.division_code FIELD_MISSING",
        "form.residence.street ADDRESS_STREET_MISSING",
        "form.residence.detail ADDRESS_DETAIL_MISSING", "form.phone FIELD_MISSING",
        "form.claims CONDITION_MISSING", "commitment.assented COMMITMENT_NOT_ASSENTED",
        "materials.id_card MATERIAL_ID_CARD_MISSING", "materials.photo MATERIAL_PHOTO_MISSING",
      ]
    ) { $0 = BadForm.Draft(form: FormInput(), slots: [], noticeVersion: nil) },
  ]
}
