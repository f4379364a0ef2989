internal import CQRCode

/// A QR code (GB/T 18284): a text as a square of modules.
public struct QRCode: Hashable, Sendable {
  /// How much of a code may be lost and it is still read.
  public enum Correction: Hashable, Sendable, CaseIterable {
    /// 7 %
    case low
    /// 15 %
    case medium
    /// 25 %
    case quartile
    /// 30 %
    case high
  }

  /// The most bytes of a payload: a code of more is too fine to be read off a paper.
  public static let payloadBytesMax = 1_200
  /// The modules left white on each side (ISO/IEC 18004).
  public static let quietModules = 4
  /// The smallest module that telephones read off paper, in millimetres.
  public static let moduleMin = 0.25

  /// What a camera reads.
  public let payload: String
  /// How much may be lost.
  public let correction: Correction
  /// Modules on a side, without the quiet zone.
  public let width: Int
  /// Row by row, dark or not; `width` × `width`.
  let isDark: [Bool]

  /// The code of a text: digits, capitals and `$%*+-./:` and blank take least room. Throws
  /// `tooLong`, `invalid` for no text, `charactersForbidden` for NUL.
  public init(_ payload: String, correction: Correction = .medium) throws(DocumentError) {
    if payload.isEmpty { throw .invalid("a code of no text") }
    try DocumentError.bound("a code's text", payload.utf8.count, Self.payloadBytesMax)
    // libqrencode takes a C string, and would make a code of the part before it.
    if payload.utf8.contains(0) { throw .charactersForbidden(["\0"]) }
    guard
      let code = QRcode_encodeString(payload, 0, correction.level, QR_MODE_8, 1)
    else {
      throw .library(operation: "QR code", reason: "the text has no code")
    }
    defer { QRcode_free(code) }
    let width = Int(code.pointee.width)
    // The lowest bit of a module says whether it is dark; the others what it is for.
    let modules = UnsafeBufferPointer(start: code.pointee.data, count: width * width)
    self.payload = payload
    self.correction = correction
    self.width = width
    self.isDark = modules.map { $0 & 1 == 1 }
  }

  /// How many millimetres a side must have, quiet zone included, to be read off paper.
  public var sideMin: Double { Double(self.width + 2 * Self.quietModules) * Self.moduleMin }
}

extension QRCode.Correction {
  fileprivate var level: QRecLevel {
    switch self {
    case .low: QR_ECLEVEL_L
    case .medium: QR_ECLEVEL_M
    case .quartile: QR_ECLEVEL_Q
    case .high: QR_ECLEVEL_H
    }
  }
}
