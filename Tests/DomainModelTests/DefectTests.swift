import DomainModel
import Testing

@Suite struct DefectTests {
  @Test func `every defect has its own code and sentences`() {
    let all = DefectReason.allCases
    #expect(Set(all.map(\.english)).count == all.count)
    #expect(Set(all.map(\.chinese)).count == all.count)
    for reason in all {
      #expect(reason.rawValue.allSatisfy { $0.isUppercase || $0 == "_" }, "\(reason)")
      #expect(reason.english.hasSuffix("."), "\(reason)")
      #expect(reason.chinese.hasSuffix("。"), "\(reason)")
    }
    let codes = Set(all.map(\.rawValue))
    #expect(codes.isDisjoint(with: ErrorReason.allCases.map(\.rawValue)))
  }

  @Test func `a list holds every defect of every field, in order, once`() throws {
    var list = DefectList()
    let id = list.take(CitizenID.check("110105190002300021", on: day("2026-01-01")), at: "form.id")
    let name = list.take(PersonName.check("王小明"), at: "form.name")
    list.add(.evidenceMissing, at: "form.conditions[0]")
    list.add(.evidenceMissing, at: "form.conditions[0]")
    #expect(id == nil && name?.text == "王小明")
    #expect(
      list.violations.map(\.reason)
        == ["CITIZEN_ID_BIRTH_DATE", "CITIZEN_ID_CHECK_DIGIT", "EVIDENCE_MISSING"])
    #expect(list.violations.map(\.field) == ["form.id", "form.id", "form.conditions[0]"])
    let error = #expect(throws: ServiceError.self) { try list.throwIfAny() }
    #expect(error?.code == .invalidArgument)
    #expect(error?.violations.count == 3)
    try DefectList().throwIfAny()
  }

  @Test(arguments: [
    ("", [DefectReason.fieldMissing]), ("  ", [.fieldMissing]), ("文二路1号", []),
    ("文二路１０００号二楼", [.textTooLong]), ("a\u{0}b", [.textControlCharacter]),
    ("a\tb", [.textControlCharacter]), ("a\u{2028}b", [.textControlCharacter]),
    ("\u{0}", [.textControlCharacter]),
  ])
  func `judges free text`(text: String, reasons: [DefectReason]) {
    #expect(TextRules.defects(of: text, charactersMax: 8) == reasons)
  }

  @Test func `an optional text may be empty`() {
    #expect(TextRules.defects(of: "", charactersMax: 8, isRequired: false).isEmpty)
  }
}
