import DomainModel
import Testing

@Suite struct PersonTests {
  @Test(arguments: [
    ("王小明", "王小明"), ("欧阳娜娜", "欧阳娜娜"), ("𬎆", "𬎆"), ("王𬎆", "王𬎆"), ("〇一", "〇一"),
    ("阿卜杜拉•买买提", "阿卜杜拉·买买提"), ("迪丽‧热巴", "迪丽·热巴"), ("迪丽・热巴", "迪丽·热巴"),
    ("迪丽．热巴", "迪丽·热巴"), ("迪丽·热巴·阿里", "迪丽·热巴·阿里"), ("赵C", "赵C"),
    ("葛\u{E0100}", "葛\u{E0100}"), ("㐆㐇", "㐆㐇"), ("\u{323B0}", "\u{323B0}"),
    (String(repeating: "𬎆", count: 50), String(repeating: "𬎆", count: 50)),
  ])
  func `takes names as they are`(raw: String, text: String) throws {
    let name = try PersonName.check(raw).get()
    #expect(Array(name.text.unicodeScalars) == Array(text.unicodeScalars))
  }

  @Test(arguments: [
    ("", [DefectReason.fieldMissing]), (" \u{3000}", [.fieldMissing]),
    ("王\u{0}x", [.textControlCharacter]), ("王\n小明", [.textControlCharacter]),
    ("王\u{202E}明", [.textControlCharacter]), ("王\u{200B}明", [.textControlCharacter]),
    ("王 明", [.nameCharacters]), ("王5", [.nameCharacters]), ("王😀", [.nameCharacters]),
    ("王\u{E000}", [.nameCharacters]), ("王?", [.nameCharacters]), ("王.明", [.nameCharacters]),
    ("·王", [.nameMiddleDot]), ("王·", [.nameMiddleDot]), ("王··明", [.nameMiddleDot]),
    ("王•・明", [.nameMiddleDot]),
    (String(repeating: "王", count: 51), [.nameTooLong]),
    ("王" + String(repeating: "\u{301}", count: 50), [.nameTooLong]),
    (
      String(repeating: "1", count: 51) + "\u{7}·",
      [.nameTooLong, .textControlCharacter, .nameCharacters, .nameMiddleDot]
    ),
  ])
  func `tells everything that is wrong with a name`(raw: String, reasons: [DefectReason]) {
    #expect(PersonName.check(raw) == .failure(Defects(reasons)))
  }

  @Test(arguments: [
    ("13812345678", "13812345678"), ("１３８１２３４５６７８", "13812345678"),
    ("+8619912345678", "19912345678"), ("＋８６19912345678", "19912345678"),
  ])
  func `reads a phone number`(raw: String, text: String) throws {
    #expect(try PhoneNumber.check(raw).get().text == text)
  }

  @Test(arguments: [
    ("", [DefectReason.fieldMissing]), ("12812345678", [.phoneInvalid]),
    ("1381234567", [.phoneInvalid]), ("138123456789", [.phoneInvalid]),
    ("+8513812345678", [.phoneInvalid]), ("0571-88888888", [.phoneInvalid]),
    ("138 1234 5678", [.phoneInvalid]),
    ("1381234567\u{0}", [.textControlCharacter, .phoneInvalid]),
  ])
  func `tells what is wrong with a phone number`(raw: String, reasons: [DefectReason]) {
    #expect(PhoneNumber.check(raw) == .failure(Defects(reasons)))
  }

  @Test func `knows the ethnicities of GB T 3304`() {
    #expect(Ethnicity.all.count == 58)
    #expect(Set(Ethnicity.all.map(\.name)).count == 58)
    #expect(Ethnicity(code: "01")?.name == "汉族")
    #expect(Ethnicity(code: "22")?.name == "畲族")
    #expect(Ethnicity(code: "56")?.name == "基诺族")
    #expect(Ethnicity(code: "97") != nil && Ethnicity(code: "98") != nil)
    for code in ["", "0", "00", "57", "96", "99", "1", "001", "汉族", "+1", "٠١"] {
      #expect(Ethnicity(code: code) == nil, "\(code)")
    }
    #expect(Ethnicity.check("") == .failure(Defects([.fieldMissing])))
    #expect(Ethnicity.check("57") == .failure(Defects([.ethnicityUnknown])))
  }

  @Test func `printing a person does not give it away`() throws {
    let name = try PersonName.check("王小明").get()
    let phone = try PhoneNumber.check("13812345678").get()
    #expect("\(name) \(phone)" == "王* 138****5678")
    #expect(String(reflecting: [phone]) == "[138****5678]")
    #expect(try PersonName.check("𬎆").get().masked == "𬎆*")
    #expect(Masking.middle(of: "ab", keepingFirst: 1, last: 1) == "**")
  }
}
