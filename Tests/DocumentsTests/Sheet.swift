import Documents
import DomainModel
import TestSupport

/// What the tests print on.
enum Sheet {
  static let fonts = Result { try DocumentFonts.load() }
  /// 2026-03-10 09:30:00 in Asia/Shanghai.
  static let instant = Timestamp(milliseconds: 1_773_106_200_000)
  static let style = TextStyle(.song, points: 12)

  static func renderer() throws -> DocumentRenderer { DocumentRenderer(try self.fonts.get()) }

  static func pdf(_ blocks: [Block], footer: Footer? = nil) throws -> [UInt8] {
    try self.renderer().pdf(
      of: Document(title: "测试", blocks: blocks, footer: footer), createdAt: self.instant)
  }

  static func png(_ blocks: [Block], dotsPerInch: Double = 150) throws -> [UInt8] {
    try self.renderer().png(of: Document(title: "测试", blocks: blocks), dotsPerInch: dotsPerInch)
  }

  /// A picture that another program made: 358 × 441 pixels, as photos of identity cards have.
  static func photo(jpeg: Bool) throws -> [UInt8] {
    let page = PageFormat(
      size: Size(width: 26, height: 32), sideMargin: 0, topMargin: 0, bottomMargin: 0)
    let whole = Area(x: 0, y: 0, width: 26, height: 32)
    let face = Area(x: 7, y: 6, width: 12, height: 16)
    let document = Document(
      title: "photo", page: page,
      background: [
        .rectangle(whole, fill: Colour(200, 215, 240)),
        .rectangle(face, radius: 6, fill: Colour(220, 180, 150)),
      ])
    let pdf = try self.renderer().pdf(of: document, createdAt: self.instant)
    return jpeg
      ? try PaperReading.jpeg(ofPDF: pdf, width: 358, height: 441)
      : try self.renderer().png(of: document, dotsPerInch: 350)
  }

  /// One of everything.
  static func everything() throws -> [Block] {
    let picture = try Picture(self.photo(jpeg: true))
    let seal = try Seal(name: "杭州市公安局西湖区分局北山派出所", purpose: "户口专用章")
    return [
      .text("浙江省居住证确认单", TextStyle(.hei, points: 22, isBold: true, alignment: .centre)),
      .rule(Rule(points: 1)),
      .table(
        Table(
          columns: [1, 2, 1],
          rows: [
            Table.Row([
              Table.Cell([.text("姓名", self.style.with(\.alignment, .spread))]),
              Table.Cell([.text("𬎆𠮷·古丽", self.style)]),
              Table.Cell(
                [.figure(.picture(picture, Size(width: 26, height: 32)), .centre)], rowSpan: 2),
            ]),
            Table.Row([
              Table.Cell([.checkBoxes([CheckBox("本人", isTicked: true)], self.style)]),
              Table.Cell([.text("330102199003071234", self.style)], fill: Colour(240, 240, 240)),
            ]),
          ])),
      .stamped(
        [.space(30), .text("二〇二六年三月十日", self.style)], .seal(seal, diameter: 40),
        at: Block.Place(x: 0.7, y: 0.5)),
      .columns(
        [
          Column(1, [.figure(.code(try QRCode("ANJU1:QR"), side: 30), .left)]),
          Column(1, [.text("右栏", self.style)], vertical: .bottom),
        ], gap: 4),
    ]
  }
}
