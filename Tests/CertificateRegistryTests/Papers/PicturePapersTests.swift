import Documents
import DomainModel
import TestSupport
import Testing

@testable import CertificateRegistryCore

/// The papers that are pictures: the voucher, which is a PDF too, and the permit's face.
struct PicturePapersTests {
  static let names = [
    PaperSamples.ordinaryName, PaperSamples.rareName, PaperSamples.longName,
  ]

  @Test(arguments: names, [true, false])
  func `a voucher says person, authority and time, as PDF and as picture`(
    name: String, hasPhoto: Bool
  ) throws {
    let printer = try PaperSamples.printer.get()
    let voucher = try PaperSamples.voucher(name, hasPhoto: hasPhoto)
    let pdf = try printer.pdf(of: voucher)
    #expect(try PaperReading.isSound(pdf: pdf))
    let read = try PaperReading.letters(ofPDF: pdf)
    for text in [
      "居住登记凭证", voucher.number, name, "性别女", "民族维吾尔族", "1990年3月7日",
      voucher.holder.citizenID, "登记类别变更登记", "2026年3月9日（逾期申报）",
      voucher.holder.household, voucher.residence, "登记机关\(voucher.office)", "2026年3月10日",
    ] {
      #expect(read.contains(text), "\(text) in \(read)")
    }
    let png = try printer.png(of: voucher)
    #expect(try printer.png(of: voucher) == png)
    #expect(try printer.pdf(of: voucher) == pdf)
  }

  static let states: [PaperPermit.Status] = [
    .valid, .endorsementWindow, .suspended(since: CivilDate(dayNumber: 20_523)),
    .endorsementPending,
  ]

  @Test(arguments: zip(names, states))
  func `a face is a picture whose code is read back`(
    name: String, status: PaperPermit.Status
  ) throws {
    let printer = try PaperSamples.printer.get()
    let face = try PaperSamples.face(name, status)
    let png = try printer.png(of: face)
    #expect(png.prefix(8) == [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
    #expect(try PaperReading.code(onPNG: png) == face.codeText)
    #expect(try printer.png(of: face) == png)
  }

  @Test func `a face shows the statutory data, state and time`() throws {
    let face = try PaperSamples.face(PaperSamples.rareName, .endorsementWindow)
    // A picture has no text; the same document as PDF has.
    let renderer = DocumentRenderer(try DocumentFonts.load())
    let pdf = try renderer.pdf(of: face.document(), createdAt: face.shownAt)
    let read = try PaperReading.letters(ofPDF: pdf)
    for text in [
      "浙江省居住证", face.holder.name, "女", "维吾尔族", "1990年3月7日", face.holder.citizenID,
      face.holder.household, face.permit.residence, face.permit.bureau, "2025年3月10日",
      "2026年3月10日", "正常（签注期内）", face.permit.certificateIdentifier, "2026-03-1009:30:00",
    ] {
      #expect(read.contains(text), "\(text) in \(read)")
    }
  }

  @Test func `each state of a permit gives another face`() throws {
    let printer = try PaperSamples.printer.get()
    let faces = try Self.states.map {
      try printer.png(of: PaperSamples.face(PaperSamples.ordinaryName, $0))
    }
    #expect(Set(faces).count == Self.states.count)
  }

  @Test func `face and voucher hold the longest addresses there may be`() throws {
    let longest = String(repeating: "浙江省杭州市西湖区北", count: 33)
    var face = try PaperSamples.face(PaperSamples.longName)
    face.holder.household = longest
    face.permit.residence = longest
    let printer = try PaperSamples.printer.get()
    #expect(try PaperReading.code(onPNG: printer.png(of: face)) == face.codeText)
    var voucher = try PaperSamples.voucher(PaperSamples.longName)
    voucher.holder.household = longest
    voucher.residence = longest
    let read = try PaperReading.letters(ofPDF: printer.pdf(of: voucher))
    #expect(read.ranges(of: longest).count == 2)
  }
}
