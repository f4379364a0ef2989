import Documents
import TestSupport
import Testing

struct CodeTests {
  @Test(arguments: QRCode.Correction.allCases)
  func `a code is read back from a PDF and from a PNG`(correction: QRCode.Correction) throws {
    let payload = "ANJU1:" + String(repeating: "6BFOXN%TSMAHN-H $*./", count: 25)
    let code = try QRCode(payload, correction: correction)
    let blocks: [Block] = [.figure(.code(code, side: max(40, code.sideMin)), .centre)]
    let page = try PaperReading.png(ofPDF: Sheet.pdf(blocks), dotsPerInch: 300)
    #expect(try PaperReading.code(onPNG: page) == payload)
    #expect(try PaperReading.code(onPNG: Sheet.png(blocks, dotsPerInch: 300)) == payload)
  }

  @Test func `a text in Chinese is a code too`() throws {
    let code = try QRCode("浙江省居住证", correction: .quartile)
    let png = try Sheet.png([.figure(.code(code, side: 30), .left)])
    #expect(try PaperReading.code(onPNG: png) == "浙江省居住证")
  }

  @Test func `capitals and digits take less room than other letters`() throws {
    let capitals = try QRCode(String(repeating: "AB1", count: 100))
    let others = try QRCode(String(repeating: "ab1", count: 100))
    #expect(capitals.width < others.width)
  }

  @Test func `a payload too long, empty or with NUL is refused`() throws {
    _ = try QRCode(String(repeating: "A", count: QRCode.payloadBytesMax), correction: .high)
    #expect(
      throws: DocumentError.tooLong(
        what: "a code's text", count: QRCode.payloadBytesMax + 1, max: QRCode.payloadBytesMax)
    ) {
      try QRCode(String(repeating: "A", count: QRCode.payloadBytesMax + 1))
    }
    #expect(throws: DocumentError.invalid("a code of no text")) { try QRCode("") }
    #expect(throws: DocumentError.charactersForbidden(["\0"])) { try QRCode("A\0B") }
  }

  @Test func `a code too fine for a camera is refused`() throws {
    let code = try QRCode(String(repeating: "A", count: 600))
    #expect(throws: DocumentError.codeTooFine(module: 11, min: 25)) {
      try Sheet.pdf([.figure(.code(code, side: 10), .centre)])
    }
  }
}
