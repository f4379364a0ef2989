/// What the bytes of a material are, found by looking at them and never by what a caller says.
///
/// The look is a cheap one, at both ends: it keeps out what is plainly something else or was cut
/// off on the way. Whether a picture shows what it should is for the officers.
enum MediaType: String, Hashable, Sendable, CaseIterable {
  case jpeg = "image/jpeg"
  case png = "image/png"
  case pdf = "application/pdf"
  /// The national format for fixed layout (GB/T 33190-2016): a ZIP package.
  case ofd = "application/ofd"

  /// How many bytes of either end are enough to tell: a PDF's end stands in its last kilobyte, and
  /// sixteen hold the directory of a package with a hundred files.
  static let edgeBytes = 16 * 1024

  /// The type, or nil where the bytes are none of these or have no proper end.
  ///
  /// - Parameters:
  ///   - head: the first `edgeBytes` bytes, or all if there are fewer.
  ///   - tail: the last `edgeBytes` bytes, or all if there are fewer.
  init?(head: ArraySlice<UInt8>, tail: ArraySlice<UInt8>) {
    if Self.isJPEG(head, tail) {
      self = .jpeg
    } else if Self.isPNG(head, tail) {
      self = .png
    } else if Self.isPDF(head, tail) {
      self = .pdf
    } else if Self.isOFD(head, tail) {
      self = .ofd
    } else {
      return nil
    }
  }

  /// SOI and a marker at the start, EOI at the end (ITU-T T.81 B.1.1.3); cameras pad with zeros.
  private static func isJPEG(_ head: ArraySlice<UInt8>, _ tail: ArraySlice<UInt8>) -> Bool {
    guard head.starts(with: [0xFF, 0xD8, 0xFF]) else { return false }
    let padding = tail.reversed().prefix { $0 == 0 }.count
    return tail.dropLast(padding).suffix(2).elementsEqual([0xFF, 0xD9])
  }

  /// Signature and IHDR first, an empty IEND with its CRC last (PNG specification, 5.2 and 11.2).
  private static func isPNG(_ head: ArraySlice<UInt8>, _ tail: ArraySlice<UInt8>) -> Bool {
    let start: [UInt8] =
      [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13] + Array("IHDR".utf8)
    let end: [UInt8] = [0, 0, 0, 0] + Array("IEND".utf8) + [0xAE, 0x42, 0x60, 0x82]
    return head.starts(with: start) && tail.suffix(end.count).elementsEqual(end)
  }

  /// `%PDF-1.` or `%PDF-2.` first, `%%EOF` within the last kilobyte (ISO 32000, 7.5.2 and 7.5.5).
  private static func isPDF(_ head: ArraySlice<UInt8>, _ tail: ArraySlice<UInt8>) -> Bool {
    guard head.starts(with: "%PDF-1.".utf8) || head.starts(with: "%PDF-2.".utf8) else {
      return false
    }
    return Self.has(Array("%%EOF".utf8), in: tail.suffix(1024))
  }

  /// A ZIP package whose directory, as far as it stands at the end, names the document's root
  /// `OFD.xml`; or whose first file that is (GB/T 33190, 6; APPNOTE 4.3).
  private static func isOFD(_ head: ArraySlice<UInt8>, _ tail: ArraySlice<UInt8>) -> Bool {
    guard head.starts(with: [0x50, 0x4B, 3, 4]), Self.has([0x50, 0x4B, 5, 6], in: tail) else {
      return false
    }
    let root = Array("OFD.xml".utf8)
    // A file's name stands behind 30 bytes of its own header, and behind 46 of the directory's.
    if head.dropFirst(30).starts(with: root), head.dropFirst(26).first == UInt8(root.count) {
      return true
    }
    return Self.places(of: [0x50, 0x4B, 1, 2], in: tail).contains { place in
      let entry = tail[place...]
      return entry.dropFirst(28).starts(with: [UInt8(root.count), 0])
        && entry.dropFirst(46).starts(with: root)
    }
  }

  private static func has(_ word: [UInt8], in bytes: ArraySlice<UInt8>) -> Bool {
    !Self.places(of: word, in: bytes).isEmpty
  }

  private static func places(of word: [UInt8], in bytes: ArraySlice<UInt8>) -> [Int] {
    guard bytes.count >= word.count else { return [] }
    return (bytes.startIndex...(bytes.endIndex - word.count)).filter {
      bytes[$0] == word[0] && bytes[$0..<($0 + word.count)].elementsEqual(word)
    }
  }
}
