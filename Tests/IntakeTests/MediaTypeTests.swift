import Testing

@testable import IntakeCore

struct MediaTypeTests {
  @Test(
    arguments: [
      (Files.jpeg, MediaType.jpeg), (Files.jpeg + [0, 0, 0], .jpeg), (Files.png, .png),
      (Files.pdf, .pdf), (Files.pdf + Array(repeating: 10, count: 900), .pdf),
      (Array(Files.jpeg.dropLast()), nil), (Array(Files.png.dropLast()), nil),
      (Files.png + [0], nil), (Files.pdf + Array(repeating: 10, count: 1_100), nil),
      ([0] + Files.jpeg, nil), ([], nil), ([0xFF], nil), (Array("%PDF-3.0 %%EOF".utf8), nil),
      (Array("GIF89a".utf8), nil), (Files.ofd, .ofd),
      // The root is named in the directory alone, or in the first file alone.
      (Array(Files.ofd.prefix(26)) + [3] + Array(Files.ofd.dropFirst(27)), .ofd),
      (Array(Files.ofd.prefix(37)) + Array(Files.ofd.suffix(22)), .ofd),
      (Array(Files.ofd.dropLast(22)), nil),
      (Array(Files.ofd.map { $0 == UInt8(ascii: "O") ? UInt8(ascii: "o") : $0 }), nil),
    ] as [([UInt8], MediaType?)])
  func `both ends tell what a file is`(bytes: [UInt8], expected: MediaType?) {
    let type = MediaType(
      head: bytes.prefix(MediaType.edgeBytes), tail: bytes.suffix(MediaType.edgeBytes))
    #expect(type == expected)
  }
}
