import DomainModel
import Testing

@Suite struct MessageTests {
  private let templates: MessageTemplates

  init() throws {
    self.templates = try MessageTemplates(text: policyText("templates.tsv"))
  }

  @Test(arguments: [
    ("application_received", true), ("application_accepted", true), ("supplement_needed", true),
    ("application_not_accepted", true), ("application_refused", true), ("permit_issued", false),
  ])
  func `every message of a first permit is there`(id: String, isStatutory: Bool) throws {
    let template = try self.templates.template(id)
    #expect(template.isStatutory == isStatutory)
    #expect(template.text.hasPrefix("【浙江公安】"))
    #expect(template.placeholders.contains("name"))
    #expect(template.placeholders.isDisjoint(with: ["citizen_id", "address", "phone"]))
    let values = Dictionary(uniqueKeysWithValues: template.placeholders.map { ($0, "某") })
    let message = try template.render(values)
    #expect(!message.text.contains("{") && !message.text.contains("}"))
    #expect(message.templateID == id && message.templateVersion == template.version)
  }

  @Test func `the text of an issued permit says how to load it`() throws {
    let message = try self.templates.template("permit_issued")
      .render(["name": "王*", "valid_to": "2027年11月24日"])
    #expect(
      message.text
        == "【浙江公安】王*，您的《浙江省居住证》已签发，有效期至2027年11月24日。请登录“浙里办”，在“我的证照”中添加“电子居住证”，通过身份验证后即可使用。")
  }

  @Test(arguments: [
    (["name": "王*"], TemplateError.valuesMissing(["valid_to"])),
    ([:], .valuesMissing(["name", "valid_to"])),
    (["name": "王*", "valid_to": "x", "phone": "1"], .valuesUnknown(["phone"])),
    (["name": " ", "valid_to": "a\u{0}"], .valuesUnfit(["name", "valid_to"])),
    (["name": "11010519491231002X", "valid_to": "x"], .citizenIDInText),
    (["name": "王11010519491231002x", "valid_to": "x"], .citizenIDInText),
    (["name": "１１０１０５１９４９１２３１００２Ｘ", "valid_to": "x"], .citizenIDInText),
  ])
  func `refuses values that do not fit`(values: [String: String], error: TemplateError) throws {
    let template = try self.templates.template("permit_issued")
    #expect(throws: error) { try template.render(values) }
  }

  @Test func `braces in a value mean nothing`() throws {
    let template = try #require(
      MessageTemplate(
        id: "t", version: 1, messageClass: .result, isStatutory: false, text: "【甲乙】{a}{b}。"))
    #expect(try template.render(["a": "{b}", "b": "}{"]).text == "【甲乙】{b}}{。")
  }

  @Test(arguments: [
    "", "甲乙", "【甲】x", "【】x", "【甲乙x", "【甲乙】{", "【甲乙】}", "【甲乙】{}", "【甲乙】{A}",
    "【甲乙】{a{b}}", "【甲乙】\u{0}", "【【甲乙】",
  ])
  func `refuses a text that is no template`(text: String) {
    let template = MessageTemplate(
      id: "t", version: 1, messageClass: .result, isStatutory: false, text: text)
    #expect(template == nil)
  }

  @Test func `the newest version is taken and the old ones stay`() throws {
    let text = "a\t2\tresult\tno\t【甲乙】二\na\t10\tresult\tno\t【甲乙】十\na\t1\tresult\tno\t【甲乙】一\n"
    let templates = try MessageTemplates(text: text)
    #expect(try templates.template("a").version == 10)
    #expect(try templates.template("a", version: 1).text == "【甲乙】一")
    #expect(throws: TemplateError.templateUnknown("b")) { try templates.template("b") }
    #expect(throws: TemplateError.templateUnknown("a 3")) {
      try templates.template("a", version: 3)
    }
  }

  @Test(arguments: [
    ("a\t1\tresult\tno", "t:1: 4 fields where 5 are wanted"),
    ("a\t0\tresult\tno\t【甲乙】", "t:1: version is a number from 1, not 0"),
    ("a\t1\tnews\tno\t【甲乙】", "t:1: no class of message: news"),
    ("a\t1\tresult\tmaybe\t【甲乙】", "t:1: statutory is yes or no, not maybe"),
    ("a\t1\tresult\tno\t甲乙", "t:1: the text's signature, braces or characters are wrong"),
    (
      "a\t1\tresult\tno\t【甲乙】\n# more\na\t1\tresult\tno\t【甲乙】",
      "t:3: a has version 1 already"
    ),
  ])
  func `refuses a bad file and says where`(text: String, error: String) {
    let thrown = #expect(throws: PolicyFileError.self) {
      try MessageTemplates(text: text, file: "t")
    }
    #expect(thrown?.description == error)
  }

  @Test(arguments: [
    (0, 1), (1, 1), (70, 1), (71, 2), (134, 2), (135, 3), (160, 3), (201, 3), (202, 4),
  ])
  func `a text is cut into segments of sixty-seven`(length: Int, count: Int) {
    let text = String(repeating: "证", count: length)
    let segments = SMSText.segments(of: text)
    #expect(segments.count == count)
    #expect(segments.joined() == text)
  }

  @Test func `no segment ends inside a rare character`() {
    for before in 60...70 {
      let text = String(repeating: "证", count: before) + String(repeating: "𬎆", count: 80)
      let segments = SMSText.segments(of: text)
      #expect(segments.joined() == text)
      #expect(segments.allSatisfy { $0.utf16.count <= SMSText.segmentUnitsMax })
      #expect(segments.dropLast().allSatisfy { $0.utf16.count >= SMSText.segmentUnitsMax - 1 })
    }
    #expect(SMSText.segments(of: String(repeating: "𬎆", count: 35)).count == 1)
    #expect(SMSText.segments(of: String(repeating: "𬎆", count: 36)).count == 2)
  }
}
