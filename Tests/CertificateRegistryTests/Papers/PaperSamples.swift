import Documents
import DomainModel
import Papers
import TestSupport
import Testing

@testable import CertificateRegistryCore

/// Papers of made-up people.
enum PaperSamples {
  static let printer = Result { PaperPrinter(DocumentRenderer(try DocumentFonts.load())) }

  /// 2026-03-10 09:30:00 in Asia/Shanghai.
  static let instant = Timestamp(milliseconds: 1_773_106_200_000)

  static let ordinaryName = "王小明"
  static let rareName = "𬎆𠮷·阿卜杜热合曼"
  /// As long as a name may be, with rare characters at its beginning, middle and end.
  static let longName =
    "𬎆" + String(repeating: "古丽米热·", count: 4) + "䶮" + String(repeating: "阿卜杜拉·", count: 5)
    + "买买𠀾"

  /// A text as a signed minimal QR would be: capitals and digits, as base45 writes.
  static let codeText =
    "ANJU1:" + String(repeating: "6BFOXN%TSMAHN-H 7T1OFS65OH6T/CPVC3NC7KR", count: 14)

  /// A portrait without a person: 358 × 441 pixels, as photos of identity cards have.
  static func photo() throws -> Picture {
    let size = Size(width: 26, height: 32)
    let whole = Area(x: 0, y: 0, width: 26, height: 32)
    let face = Area(x: 8, y: 6, width: 10, height: 13)
    let body = Area(x: 3, y: 21, width: 20, height: 24)
    let document = Document(
      title: "photo",
      page: PageFormat(size: size, sideMargin: 0, topMargin: 0, bottomMargin: 0),
      background: [
        .rectangle(whole, fill: Colour(226, 234, 246)),
        .rectangle(body, radius: 8, fill: Colour(58, 74, 104)),
        .rectangle(face, radius: 5, fill: Colour(222, 188, 160)),
      ])
    let pdf = try DocumentRenderer(DocumentFonts.load()).pdf(of: document, createdAt: instant)
    return try Picture(PaperReading.jpeg(ofPDF: pdf, width: 358, height: 441))
  }

  static func holder(_ name: String, hasPhoto: Bool = true) throws -> PaperHolder {
    PaperHolder(
      name: name, sex: .female, ethnicity: "维吾尔族",
      birthOn: try self.day("1990-03-07"), citizenID: "110101199003070003",
      household: "新疆维吾尔自治区喀什地区疏附县托克扎克镇人民路12号院3幢2单元501室",
      photo: hasPhoto ? try self.photo() : nil)
  }

  static func permit(_ status: PaperPermit.Status = .valid) throws -> PaperPermit {
    PaperPermit(
      certificateIdentifier:
        "1.2.156.3005.2.11100000000013338W009.11330106000000000T.7K2M9QX4T0B8RZ3N6V1C.001.H",
      residence: "浙江省杭州市西湖区北山街道曙光社区曙光路120号黄龙花园7幢2单元1203室",
      bureau: "杭州市公安局西湖区分局",
      term: PermitTerm(
        issuedOn: try self.day("2025-03-10"), validToOn: try self.day("2026-03-10")),
      status: status)
  }

  static func slip(
    _ name: String, _ status: PaperPermit.Status = .valid, hasPhoto: Bool = true,
    entrusted: EntrustedPerson? = nil
  ) throws -> ConfirmationSlip {
    ConfirmationSlip(
      number: "330106-20260310-000017", holder: try self.holder(name, hasPhoto: hasPhoto),
      permit: try self.permit(status), shown: entrusted == nil ? .identityCard : .householdBook,
      entrusted: entrusted, officerNumber: "013827",
      station: "杭州市公安局西湖区分局北山派出所",
      seal: "杭州市公安局西湖区分局北山派出所户口专用章", codeText: self.codeText,
      printedAt: self.instant)
  }

  static func voucher(_ name: String, hasPhoto: Bool = true) throws -> RegistrationVoucher {
    RegistrationVoucher(
      number: "330106-DJ-20260310-000231", kind: .change,
      holder: try self.holder(name, hasPhoto: hasPhoto),
      residence: "浙江省杭州市西湖区北山街道曙光社区曙光路120号黄龙花园7幢2单元1203室",
      declaredOn: try self.day("2026-03-09"), isLate: true,
      office: "杭州市公安局西湖区分局北山派出所",
      seal: "杭州市公安局西湖区分局北山派出所户口专用章", registeredAt: self.instant)
  }

  static func face(
    _ name: String, _ status: PaperPermit.Status = .valid, hasPhoto: Bool = true
  ) throws -> PermitFace {
    PermitFace(
      holder: try self.holder(name, hasPhoto: hasPhoto), permit: try self.permit(status),
      codeText: self.codeText, shownAt: self.instant)
  }

  /// A day, or an error where the text is none.
  static func day(_ iso: String) throws -> CivilDate { try #require(CivilDate(iso: iso)) }
}
