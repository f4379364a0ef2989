import Documents
import DomainModel
import TestSupport
import Testing

@testable import CertificateRegistryCore

/// The worked example: four slips as a station prints them in a morning.
struct ConfirmationSlipTests {
  /// A slip, and what must stand on it beside the holder and the permit.
  struct Example: CustomTestStringConvertible, Sendable {
    var name: String
    var status: PaperPermit.Status
    var hasPhoto = true
    var entrusted: EntrustedPerson?
    var says: [String]
    var saysNot: [String]

    var testDescription: String { self.says.joined(separator: ", ") }

    func slip() throws -> ConfirmationSlip {
      try PaperSamples.slip(
        self.name, self.status, hasPhoto: self.hasPhoto, entrusted: self.entrusted)
    }
  }

  static let examples = [
    Example(
      name: PaperSamples.ordinaryName, status: .valid,
      says: ["证件状态正常", "具有同等法律效力", "☑居民身份证☐居民户口簿☐电子居住证", "☑本人☐受托人"],
      saysNot: ["中止", "受托人姓名"]),
    Example(
      name: PaperSamples.rareName, status: .suspended(since: CivilDate(dayNumber: 20_523)),
      hasPhoto: false,
      entrusted: EntrustedPerson(name: "𠮷娜·买买提", citizenID: "110101199003074039"),
      says: [
        "证件状态使用功能中止", "使用功能自2026年3月11日起中止", "☐居民身份证☑居民户口簿☐电子居住证", "☐本人☑受托人",
        "受托人姓名：𠮷娜·买买提", "公民身份号码：1***************39",
      ],
      saysNot: ["110101199003074039", "依法享受"]),
    Example(
      name: PaperSamples.longName, status: .endorsementWindow,
      says: ["证件状态正常（签注期内）", "☑本人☐受托人"], saysNot: ["中止"]),
    Example(
      name: "李", status: .suspended(since: CivilDate(dayNumber: 20_523)),
      says: ["使用功能中止", "补办签注手续后，使用功能恢复"], saysNot: ["受托人姓名"]),
  ]

  @Test(arguments: examples)
  func `a slip says everything it must, and is read back`(example: Example) throws {
    let slip = try example.slip()
    let pdf = try PaperSamples.printer.get().pdf(of: slip)
    #expect(try PaperReading.isSound(pdf: pdf))
    let read = try PaperReading.letters(ofPDF: pdf)
    let holder = slip.holder
    let everywhere = [
      "浙江省居住证确认单", "编号：\(slip.number)", holder.name, "性别女", "民族维吾尔族",
      "出生日期1990年3月7日", holder.citizenID, holder.household, slip.permit.residence,
      slip.permit.certificateIdentifier, slip.permit.bureau, "签发日期2025年3月10日",
      "有效期至2026年3月10日", slip.station, "经办人013827",
      "打印时间2026-03-1009:30:00", "第1页共1页",
    ]
    for text in everywhere + example.says { #expect(read.contains(text), "\(text) in \(read)") }
    for text in example.saysNot { #expect(!read.contains(text), "\(text)") }
    let page = try PaperReading.png(ofPDF: pdf, dotsPerInch: 250)
    #expect(try PaperReading.code(onPNG: page) == slip.codeText)
  }

  @Test func `a name of fifty characters is one`() throws {
    #expect(PaperSamples.longName.unicodeScalars.count == PersonName.charactersMax)
    #expect(try PersonName.check(PaperSamples.longName).get().text == PaperSamples.longName)
  }

  @Test func `the same slip gives the same bytes, another number others`() throws {
    let printer = try PaperSamples.printer.get()
    let slip = try PaperSamples.slip(PaperSamples.rareName)
    #expect(try printer.pdf(of: slip) == printer.pdf(of: slip))
    #expect(
      try printer.pdf(of: slip)
        != printer.pdf(of: PaperSamples.slip(PaperSamples.ordinaryName)))
  }

  @Test func `a slip stays one page with the longest addresses`() throws {
    // Province, city and county, and each part of `Address` as long as it may be.
    let longest = String(repeating: "浙江省杭州市西湖区北", count: 33)
    var slip = try PaperSamples.slip(
      PaperSamples.longName, .suspended(since: PaperSamples.day("2026-03-11")),
      entrusted: EntrustedPerson(
        name: PaperSamples.longName, citizenID: "110101199003074039"))
    slip.holder.household = longest
    slip.permit.residence = longest
    let pdf = try PaperSamples.printer.get().pdf(of: slip)
    let read = try PaperReading.letters(ofPDF: pdf)
    #expect(read.contains("第1页共1页") && read.contains("以核验结果为准"))
    #expect(read.ranges(of: longest).count == 2)
  }

  @Test func `a name that no font can show is an error with its code point`() throws {
    let slip = try PaperSamples.slip("王\u{E000}")
    #expect(throws: DocumentError.charactersMissing(["\u{E000}"])) {
      try PaperSamples.printer.get().pdf(of: slip)
    }
  }
}
