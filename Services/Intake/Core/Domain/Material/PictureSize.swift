/// How wide and how high a picture is, in pixels, as its file's header says.
///
/// Nothing of the picture itself is decoded: what cannot be told by a header is for the officers.
struct PictureSize: Hashable, Sendable {
  let width: Int
  let height: Int

  /// Reads the beginning of a JPEG or PNG file; nil where that does not say, or says 0.
  init?(of bytes: [UInt8]) {
    guard let size = Self.ofPNG(bytes) ?? Self.ofJPEG(bytes), size.width > 0, size.height > 0 else {
      return nil
    }
    (self.width, self.height) = size
  }

  /// IHDR stands first and begins with both (PNG specification, 11.2.1).
  private static func ofPNG(_ bytes: [UInt8]) -> (width: Int, height: Int)? {
    let start: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13]
    guard bytes.count >= 24, bytes.starts(with: start + Array("IHDR".utf8)) else { return nil }
    return (Self.number(bytes[16..<20]), Self.number(bytes[20..<24]))
  }

  /// The frame header, which may stand behind any number of other segments, each with its length;
  /// none may stand behind the first scan (ITU-T T.81, B.1.1.2, B.2.1 and B.2.2).
  private static func ofJPEG(_ bytes: [UInt8]) -> (width: Int, height: Int)? {
    guard bytes.starts(with: [0xFF, 0xD8]) else { return nil }
    var place = 2
    while place + 4 <= bytes.count, bytes[place] == 0xFF {
      let marker = bytes[place + 1]
      switch marker {
      case 0xFF:
        place += 1  // A fill byte.
      case 0x01, 0xD0...0xD7:
        place += 2  // A marker that stands alone.
      case 0xC0...0xC3, 0xC5...0xC7, 0xC9...0xCB, 0xCD...0xCF:
        guard place + 9 <= bytes.count else { return nil }
        return (
          Self.number(bytes[(place + 7)..<(place + 9)]),
          Self.number(bytes[(place + 5)..<(place + 7)])
        )
      case 0xD8, 0xD9, 0xDA: return nil
      default:
        let length = Self.number(bytes[(place + 2)..<(place + 4)])
        guard length >= 2 else { return nil }
        place += 2 + length
      }
    }
    return nil
  }

  /// Big-endian, of at most four bytes.
  private static func number(_ bytes: ArraySlice<UInt8>) -> Int {
    bytes.reduce(0) { $0 << 8 | Int($1) }
  }
}
