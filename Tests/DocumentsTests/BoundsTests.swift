import Documents
import TestSupport
import Testing

struct BoundsTests {
  @Test func `characters that no font has are an error that names them, never boxes`() throws {
    let error = #expect(throws: DocumentError.self) {
      try Sheet.pdf([.text("王\u{E000}明\u{50000}", Sheet.style)])
    }
    #expect(error == .charactersMissing(["\u{E000}", "\u{50000}"]))
    #expect(error.map { "\($0)" } == "no font has the characters U+E000 U+50000")
  }

  @Test func `control characters and turns of direction are refused`() {
    for scalar: Unicode.Scalar in ["\0", "\t", "\u{202E}", "\u{2028}", "\u{200B}"] {
      #expect(throws: DocumentError.charactersForbidden([scalar])) {
        try Sheet.pdf([.text("王\(scalar)明", Sheet.style)])
      }
    }
  }

  @Test func `texts, blocks and pages over their bounds are refused`() throws {
    let long = String(repeating: "字", count: DocumentLimits.textScalarsMax)
    _ = try Sheet.pdf([.text(long, Sheet.style)])
    #expect(
      throws: DocumentError.tooLong(
        what: "a text's characters", count: DocumentLimits.textScalarsMax + 1,
        max: DocumentLimits.textScalarsMax)
    ) { try Sheet.pdf([.text(long + "字", Sheet.style)]) }
    let count = DocumentLimits.documentScalarsMax / DocumentLimits.textScalarsMax + 1
    let small = Sheet.style.with(\.points, 4).with(\.leading, 1)
    #expect(
      throws: DocumentError.tooLong(
        what: "a document's characters", count: count * DocumentLimits.textScalarsMax,
        max: DocumentLimits.documentScalarsMax)
    ) { try Sheet.pdf(Array(repeating: .text(long, small), count: count)) }
    #expect(
      throws: DocumentError.tooLong(
        what: "a document's blocks", count: DocumentLimits.blocksMax + 1,
        max: DocumentLimits.blocksMax)
    ) { try Sheet.pdf(Array(repeating: .space(0), count: DocumentLimits.blocksMax + 1)) }
    _ = try Sheet.pdf(Array(repeating: .pageBreak, count: DocumentLimits.pagesMax - 1))
    #expect(
      throws: DocumentError.tooLong(
        what: "a document's pages", count: DocumentLimits.pagesMax + 1,
        max: DocumentLimits.pagesMax)
    ) { try Sheet.pdf(Array(repeating: .pageBreak, count: DocumentLimits.pagesMax)) }
  }

  @Test func `blocks too deep in blocks and too many figures are refused`() throws {
    var block = Block.text("一", Sheet.style)
    for _ in 0..<DocumentLimits.depthMax { block = .together([block]) }
    _ = try Sheet.pdf([block])
    #expect(
      throws: DocumentError.tooLong(
        what: "blocks in blocks", count: DocumentLimits.depthMax + 1,
        max: DocumentLimits.depthMax)
    ) { try Sheet.pdf([.together([block])]) }
    let code = Block.figure(.code(try QRCode("A"), side: 10), .left)
    #expect(
      throws: DocumentError.tooLong(
        what: "a document's figures", count: DocumentLimits.figuresMax + 1,
        max: DocumentLimits.figuresMax)
    ) { try Sheet.pdf(Array(repeating: code, count: DocumentLimits.figuresMax + 1)) }
  }

  @Test func `what is higher than a page or a frame is refused`() throws {
    #expect(throws: DocumentError.doesNotFit("a block higher than a page")) {
      try Sheet.pdf([.together([.space(200), .space(200)])])
    }
    let area = Area(x: 10, y: 10, width: 40, height: 7)
    func png(_ text: String, shrinksTo: Double) throws -> [UInt8] {
      let frame = Frame(area, [.text(text, Sheet.style)], shrinksTo: shrinksTo)
      return try Sheet.renderer().png(of: Document(title: "一", frames: [frame]))
    }
    _ = try png("浙江省杭州市", shrinksTo: 1)
    _ = try png("浙江省杭州市西湖区北山街道", shrinksTo: 0.5)
    #expect(throws: DocumentError.doesNotFit("what stands in a frame")) {
      try png(String(repeating: "浙江省杭州市", count: 20), shrinksTo: 0.5)
    }
    #expect(throws: DocumentError.doesNotFit("a document of more than one page")) {
      try Sheet.png([.pageBreak])
    }
  }

  @Test func `tables that are none are refused`() {
    let cell = Table.Cell([.text("一", Sheet.style)])
    func expect(_ what: String, _ columns: [Double], _ rows: [[Table.Cell]]) {
      #expect(throws: DocumentError.invalid(what)) {
        try Sheet.pdf([.table(Table(columns: columns, rows: rows.map { Table.Row($0) }))])
      }
    }
    expect("a table with a column of no width", [1, 0], [[cell, cell]])
    expect("a table with a column of no width", [], [])
    expect("a cell out of its table", [1], [[cell, cell]])
    expect("a cell out of its table", [1], [[Table.Cell([], columnSpan: 2)]])
    expect("a cell out of its table", [1], [[Table.Cell([], rowSpan: 2)]])
    expect("a cell out of its table", [1], [[Table.Cell([], columnSpan: 0)]])
    expect("a table with a hole", [1, 1], [[cell]])
  }

  @Test func `a seal has a name of at most 40 characters`() throws {
    _ = try Seal(name: String(repeating: "所", count: 40), purpose: "户口专用章")
    #expect(throws: DocumentError.tooLong(what: "a seal's name", count: 41, max: 40)) {
      try Seal(name: String(repeating: "所", count: 41), purpose: "")
    }
    #expect(throws: DocumentError.invalid("a seal without a name")) {
      try Seal(name: "", purpose: "户口专用章")
    }
    let seal = try Seal(text: "北山派出所户口专用章", purposes: ["户口专用章"])
    #expect((seal.name, seal.purpose) == ("北山派出所", "户口专用章"))
  }
}
