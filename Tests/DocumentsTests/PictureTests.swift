import Documents
import TestSupport
import Testing

struct PictureTests {
  private func draw(_ picture: Picture) throws -> [UInt8] {
    try Sheet.pdf([.figure(.picture(picture, Size(width: 26, height: 32)), .left)])
  }

  /// How a picture's upper left corner looks when the paper is drawn by another program.
  private func images(in pdf: [UInt8]) throws -> String {
    try ExternalTool.run("pdfimages", "-list", "paper.pdf", files: ["paper.pdf": pdf]).text
  }

  @Test func `a JPEG stands in the PDF as it came, a PNG as its pixels`() throws {
    let jpeg = try Picture(Sheet.photo(jpeg: true))
    #expect((jpeg.format, jpeg.width, jpeg.height) == (.jpeg, 358, 441))
    let pdf = try self.draw(jpeg)
    #expect(try PaperReading.isSound(pdf: pdf))
    #expect(try self.images(in: pdf).contains(/358 +441 +rgb +3 +8 +jpeg/))
    let png = try Picture(Sheet.photo(jpeg: false))
    #expect(png.format == .png && png.height == 441)
    let other = try self.draw(png)
    #expect(try PaperReading.isSound(pdf: other))
    #expect(try self.images(in: other).contains(/358 +441 +rgb +3 +8 +image/))
  }

  @Test func `what a camera wrote beside the pixels is left out`() throws {
    var bytes = try Sheet.photo(jpeg: true)
    let note = Array("Exif\0\0GPS 30.2741 N 120.1551 E".utf8)
    bytes.insert(contentsOf: [0xFF, 0xE1, 0, UInt8(note.count + 2)] + note, at: 2)
    bytes.insert(contentsOf: [0xFF, 0xFE, 0, UInt8(note.count + 2)] + note, at: 2)
    let pdf = try self.draw(Picture(bytes))
    #expect(try self.images(in: pdf).contains("jpeg"))
    #expect(pdf.firstRange(of: Array("GPS".utf8)) == nil)
    #expect(try pdf == self.draw(Picture(Sheet.photo(jpeg: true))))
  }

  @Test func `bytes that are no picture are refused`() {
    for bytes: [UInt8] in [[], [0], Array("GIF89a".utf8), [0xFF, 0xD8], Array("%PDF".utf8)] {
      #expect(throws: DocumentError.self) { try Picture(bytes) }
    }
  }

  @Test func `a picture cut anywhere is refused with a reason, or was whole without its end`()
    throws
  {
    for isJPEG in [true, false] {
      let whole = try Sheet.photo(jpeg: isJPEG)
      for part in stride(from: 1, to: 20, by: 1) {
        let cut = Array(whole.prefix(whole.count * part / 20))
        let error = #expect(throws: DocumentError.self) { try self.draw(Picture(cut)) }
        guard case .pictureBroken(let reason)? = error else {
          Issue.record("cut to \(part)/20: \(String(describing: error))")
          continue
        }
        #expect(!reason.isEmpty)
      }
    }
  }

  @Test func `changed bytes are refused or drawn, and never end the process`() throws {
    for isJPEG in [true, false] {
      let whole = try Sheet.photo(jpeg: isJPEG)
      let random = SeededRandom(seed: 7)
      for _ in 0..<60 {
        var bytes = whole
        for _ in 0..<4 { bytes[Int(random.next() % UInt64(bytes.count))] = UInt8.max }
        _ = try? self.draw(Picture(bytes))
      }
    }
  }

  @Test func `a picture with too many pixels is refused before it is read`() throws {
    var png = try Sheet.photo(jpeg: false)
    png.replaceSubrange(16..<24, with: [0, 0, 0x10, 1, 0, 0, 0, 1])
    #expect(
      throws: DocumentError.tooLong(
        what: "a picture's side in pixels", count: 4_097, max: Picture.sideMax)
    ) { try Picture(png) }
    png.replaceSubrange(16..<24, with: [0, 0, 0x0C, 0, 0, 0, 0x0C, 0])
    #expect(
      throws: DocumentError.tooLong(
        what: "a picture's pixels", count: 3_072 * 3_072, max: Picture.pixelsMax)
    ) { try Picture(png) }
    #expect(
      throws: DocumentError.tooLong(
        what: "a picture's bytes", count: Picture.bytesMax + 1, max: Picture.bytesMax)
    ) { try Picture(Array(repeating: 0xFF, count: Picture.bytesMax + 1)) }
  }
}
