import Documents
import TestSupport
import Testing

struct PDFTests {
  @Test func `text is read back, rare characters and middle dots too`() throws {
    let names = ["王小明", "𬎆𠮷·古丽", "买买提·𠀾䶮〇", "John Smith", "𰻝"]
    let pdf = try Sheet.pdf(names.map { .text($0, Sheet.style) })
    #expect(try PaperReading.isSound(pdf: pdf))
    let lines = try PaperReading.text(ofPDF: pdf).split(separator: "\n").map(String.init)
    #expect(lines.prefix(names.count).map { $0 } == names)
  }

  @Test func `no line begins with a name's middle dot or with a comma`() throws {
    let text = String(repeating: "古丽·", count: 200) + String(repeating: "买买提，", count: 100)
    for width in 30...40 {
      let style = Sheet.style.with(\.points, Double(width) / 3)
      let pdf = try Sheet.pdf([.text(text, style)])
      let lines = try PaperReading.text(ofPDF: pdf).split(separator: "\n")
      #expect(lines.count > 15)
      #expect(!lines.contains { $0.hasPrefix("·") || $0.hasPrefix("，") }, "\(style.points) pt")
      #expect(lines.joined().filter { $0 != "\u{0C}" } == text)
    }
  }

  @Test func `the metadata name title, fonts with versions, and the instant handed in`() throws {
    let pdf = try Sheet.pdf([.text("一", Sheet.style)])
    let run = try ExternalTool.run(
      "env", "TZ=UTC", "pdfinfo", "paper.pdf", files: ["paper.pdf": pdf])
    #expect(run.text.contains(/Title: +测试\n/))
    #expect(run.text.contains(/CreationDate: +Tue Mar 10 01:30:00 2026 UTC\n/))
    #expect(run.text.contains(/ModDate: +Tue Mar 10 01:30:00 2026 UTC\n/))
    #expect(run.text.contains(try Sheet.fonts.get().summary))
    #expect(run.text.contains(/Page size: +595\.\d+ x 841\.\d+ pts \(A4\)/))
  }

  @Test func `a long text runs on over pages, each with its number, and loses nothing`() throws {
    let paragraph = "流动人口在居住地申报居住登记，由公安派出所受理。"
    let text = Array(repeating: paragraph, count: 120).joined(separator: "\n")
    let style = Sheet.style.with(\.indent, 2).with(\.alignment, .justified)
    let pdf = try Sheet.pdf(
      [.text(text, style)], footer: Footer("第 {page} 页　共 {pages} 页", style: Sheet.style))
    #expect(try PaperReading.isSound(pdf: pdf))
    let read = try PaperReading.letters(ofPDF: pdf)
    for page in 1...4 { #expect(read.contains("第\(page)页共4页")) }
    #expect(!read.contains("第5页"))
    let isWhole = read.replacing(/第\d页共4页/, with: "") == text.filter { $0 != "\n" }
    #expect(isWhole)
  }

  @Test func `a page break begins a page, a table goes on over the break between its rows`() throws
  {
    let rows = (1...60).map { number in
      Table.Row([Table.Cell([.text("第\(number)行", Sheet.style)])], height: 9)
    }
    let pdf = try Sheet.pdf([
      .text("首页", Sheet.style), .pageBreak, .table(Table(columns: [1], rows: rows)),
    ])
    let pages = try PaperReading.text(ofPDF: pdf).split(separator: "\u{0C}")
      .map { $0.filter { !$0.isWhitespace } }.filter { !$0.isEmpty }
    #expect(pages.count == 4)
    #expect(pages[0] == "首页")
    #expect(pages.dropFirst().joined() == (1...60).map { "第\($0)行" }.joined())
  }

  @Test func `boxes are read back ticked or not`() throws {
    let boxes = [CheckBox("本人", isTicked: true), CheckBox("受托人", isTicked: false)]
    let pdf = try Sheet.pdf([.checkBoxes(boxes, Sheet.style)])
    #expect(try PaperReading.letters(ofPDF: pdf) == "☑本人☐受托人")
  }

  @Test func `a seal takes nothing from the text it lies over`() throws {
    let seal = try Seal(name: "杭州市公安局西湖区分局北山派出所", purpose: "户口专用章")
    let stamped = Block.stamped(
      [.text("北山派出所", Sheet.style), .text("2026年3月10日", Sheet.style)],
      .seal(seal, diameter: 40), at: Block.Place(x: 0.1, y: 0.5))
    let pdf = try Sheet.pdf([.space(20), stamped])
    #expect(try PaperReading.isSound(pdf: pdf))
    #expect(try PaperReading.letters(ofPDF: pdf) == "北山派出所2026年3月10日")
  }
}
