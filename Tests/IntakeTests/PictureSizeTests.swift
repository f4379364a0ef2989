import DomainModel
import TestSupport
import Testing

@testable import IntakeCore

struct PictureSizeTests {
  @Test func `headers say how wide and how high a picture is`() {
    #expect(
      PictureSize(of: Files.jpeg(width: 1, height: 65_535)).map { [$0.width, $0.height] } == [
        1, 65_535,
      ])
    #expect(PictureSize(of: Files.png).map { [$0.width, $0.height] } == [358, 441])
  }

  @Test func `a frame header is found behind other segments and fill bytes`() {
    let app: [UInt8] = [0xFF, 0xE1, 0xFF, 0xFF] + Array(repeating: 0xFF, count: 65_533)
    let table: [UInt8] = [0xFF, 0xFF, 0xFF, 0xC4, 0, 3, 9]
    let frame: [UInt8] = [0xFF, 0xC2, 0, 17, 8, 1, 0, 2, 0, 3]
    let picture = PictureSize(of: [0xFF, 0xD8] + app + table + frame)
    #expect(picture.map { [$0.width, $0.height] } == [512, 256])
  }

  @Test(
    arguments: [
      [], [0xFF], [0xFF, 0xD8], [0xFF, 0xD8, 0xFF, 0xC0, 0, 17, 8, 1, 0, 2],
      // A height of 0, a scan before the frame, a length that is none, bytes between segments.
      [0xFF, 0xD8, 0xFF, 0xC0, 0, 17, 8, 0, 0, 2, 0, 3], [0xFF, 0xD8, 0xFF, 0xDA, 0, 4, 0, 0],
      [0xFF, 0xD8, 0xFF, 0xE0, 0, 1, 0, 0], [0xFF, 0xD8, 0xFF, 0xE0, 0, 2, 0, 0, 0xFF, 0xC0],
      Array(Files.png.prefix(23)), Array("%PDF-1.7".utf8),
    ] as [[UInt8]])
  func `what does not say it is nil`(bytes: [UInt8]) {
    #expect(PictureSize(of: bytes) == nil)
  }

  @Test func `whatever the bytes, it ends, and says no size outside its format's bounds`() {
    var random = SeededRandom(seed: 31)
    for seed in 0..<20_000 {
      var bytes = seed % 2 == 0 ? Files.jpeg : Files.png
      for _ in 0..<UInt64.random(in: 0..<12, using: &random) {
        let place = Int(UInt64.random(in: 0..<UInt64(bytes.count), using: &random))
        bytes[place] = UInt8(truncatingIfNeeded: random.next())
      }
      let picture = PictureSize(of: Array(bytes.prefix(Int(random.next() % 230))))
      guard let picture else { continue }
      #expect(picture.width > 0 && picture.height > 0)
      #expect(max(picture.width, picture.height) <= Int(UInt32.max))
    }
  }

  @Test(
    arguments: [
      (358, 441, []), (4_000, 4_706, ["photo.height PHOTO_TOO_LARGE"]),
      (357, 441, ["photo.width PHOTO_TOO_SMALL"]), (370, 440, ["photo.height PHOTO_TOO_SMALL"]),
      (358, 511, []), (358, 512, ["photo.ratio PHOTO_RATIO_WRONG"]), (425, 500, []),
      (426, 500, ["photo.ratio PHOTO_RATIO_WRONG"]),
      (4_001, 4_000, ["photo.width PHOTO_TOO_LARGE", "photo.ratio PHOTO_RATIO_WRONG"]),
    ] as [(Int, Int, [String])])
  func `the policy's bounds of a photo hold, each to the pixel`(
    width: Int, height: Int, expected: [String]
  ) throws {
    let rules = PhotoRules(rules: try PolicyData.rules.get().policy.materials)
    var defects = DefectList()
    rules.check(
      PictureSize(of: Files.jpeg(width: width, height: height)), sizeBytes: 1_048_576, &defects)
    #expect(defects.violations.map { "\($0.field) \($0.reason)" } == expected)
    rules.check(PictureSize(of: Files.jpeg), sizeBytes: 1_048_577, &defects)
    #expect(defects.violations.last?.reason == "PHOTO_TOO_MANY_BYTES")
  }
}
