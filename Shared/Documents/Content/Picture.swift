/// A picture as JPEG or PNG. Making one reads its head only: kind, size, bounds. Whether the rest
/// is whole shows when it is drawn.
///
/// What a camera wrote beside the pixels (where, when, with what) is left out, its note on which
/// way is up with it: pictures are handed in upright.
public struct Picture: Hashable, Sendable {
  /// What the bytes are.
  public enum Format: Hashable, Sendable {
    case jpeg
    case png
  }

  /// The most bytes of a picture.
  public static let bytesMax = 4 << 20
  /// The most pixels on a side.
  public static let sideMax = 4_096
  /// The most pixels; drawing takes 4 bytes of memory for each.
  public static let pixelsMax = 4_000_000

  /// JPEG or PNG.
  public let format: Format
  /// Pixels across.
  public let width: Int
  /// Pixels down.
  public let height: Int
  let bytes: [UInt8]

  /// The picture in the bytes. Throws `tooLong` or `pictureBroken`.
  public init(_ bytes: [UInt8]) throws(DocumentError) {
    try DocumentError.bound("a picture's bytes", bytes.count, Self.bytesMax)
    if bytes.starts(with: PNGHead.signature) {
      let head = try PNGHead(bytes)
      (self.format, self.width, self.height) = (.png, head.width, head.height)
      self.bytes = bytes
    } else if bytes.starts(with: [0xFF, 0xD8]) {
      let parts = try JPEGParts(bytes)
      (self.format, self.width, self.height) = (.jpeg, parts.width, parts.height)
      self.bytes = parts.withoutNotes
    } else {
      throw .pictureBroken("it is neither JPEG nor PNG")
    }
    if self.width == 0 || self.height == 0 { throw .pictureBroken("it has no pixels") }
    try DocumentError.bound(
      "a picture's side in pixels", max(self.width, self.height), Self.sideMax)
    try DocumentError.bound("a picture's pixels", self.width * self.height, Self.pixelsMax)
  }
}

/// The head of a PNG (ISO/IEC 15948): its first chunk says how large it is.
private struct PNGHead {
  static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

  let width: Int
  let height: Int

  init(_ bytes: [UInt8]) throws(DocumentError) {
    guard bytes.count >= 33, Array(bytes[12..<16]) == Array("IHDR".utf8) else {
      throw .pictureBroken("the PNG ends in its head")
    }
    self.width = bytes[16..<20].reduce(0) { $0 << 8 | Int($1) }
    self.height = bytes[20..<24].reduce(0) { $0 << 8 | Int($1) }
  }
}

/// The segments of a JPEG (ITU-T T.81, B.1) up to its pixels.
private struct JPEGParts {
  private(set) var width = 0
  private(set) var height = 0
  /// The same picture without comments and application data.
  private(set) var withoutNotes: [UInt8] = [0xFF, 0xD8]

  init(_ bytes: [UInt8]) throws(DocumentError) {
    var at = 2
    while true {
      guard at + 4 <= bytes.count, bytes[at] == 0xFF else {
        throw .pictureBroken("the JPEG ends in its head")
      }
      let marker = bytes[at + 1]
      if marker == 0xFF {
        at += 1  // Fill bytes may stand before a marker.
        continue
      }
      let end = at + 2 + Int(bytes[at + 2]) << 8 + Int(bytes[at + 3])
      guard end >= at + 4, end <= bytes.count else {
        throw .pictureBroken("the JPEG ends in its head")
      }
      if Self.isFrame(marker) { try self.read(frame: bytes[at..<end]) }
      if !Self.isNote(marker) { self.withoutNotes += bytes[at..<end] }
      at = end
      if marker == Self.scan { break }
    }
    if self.width == 0 { throw .pictureBroken("the JPEG does not say how large it is") }
    self.withoutNotes += bytes[at...]
  }

  private mutating func read(frame: ArraySlice<UInt8>) throws(DocumentError) {
    let bytes = Array(frame)
    guard bytes.count >= 10 else { throw .pictureBroken("the JPEG ends in its head") }
    self.height = Int(bytes[5]) << 8 | Int(bytes[6])
    self.width = Int(bytes[7]) << 8 | Int(bytes[8])
    // Four are inks of a press, which every program turns to colours in its own way.
    guard bytes[4] == 8, bytes[9] == 1 || bytes[9] == 3 else {
      throw .pictureBroken("only JPEGs in grey or colour with 8 bits are taken")
    }
  }

  private static let scan: UInt8 = 0xDA

  /// SOF0 to SOF15 without DHT, JPG and DAC, which stand among them.
  private static func isFrame(_ marker: UInt8) -> Bool {
    (0xC0...0xCF).contains(marker) && ![0xC4, 0xC8, 0xCC].contains(marker)
  }

  /// APP1 to APP15 and COM. APP14 stays: it says what the three components are.
  private static func isNote(_ marker: UInt8) -> Bool {
    (0xE1...0xEF).contains(marker) && marker != 0xEE || marker == 0xFE
  }
}
