/// The header `traceparent` as a caller sent it.
struct TraceParent: Hashable {
  let traceID: TraceContext.TraceID
  /// The caller's span.
  let spanID: UInt64
  let flags: UInt8

  private static let dash = UInt8(ascii: "-")
  /// How long version 00 is.
  private static let bytes = 55

  /// Reads the header; nil for anything that the W3C text calls invalid: another form than
  /// `version-traceid-spanid-flags` in lower case hexadecimal, version `ff`, an id of zeroes, or
  /// anything behind the flags in version 00. Of a later version the first four fields are read.
  init?(_ text: String) {
    let bytes = Array(text.utf8)
    guard bytes.count >= Self.bytes, bytes[2] == Self.dash, bytes[35] == Self.dash,
      bytes[52] == Self.dash, let version = Self.hex(bytes[0..<2]), version != 0xFF,
      let high = Self.hex(bytes[3..<19]), let low = Self.hex(bytes[19..<35]),
      let span = Self.hex(bytes[36..<52]), let flags = Self.hex(bytes[53..<55])
    else { return nil }
    let isLonger = bytes.count > Self.bytes
    guard !isLonger || (version != 0 && bytes[Self.bytes] == Self.dash) else { return nil }
    guard high | low != 0, span != 0 else { return nil }
    self.traceID = TraceContext.TraceID(high: high, low: low)
    self.spanID = span
    self.flags = UInt8(flags)
  }

  private static func hex(_ digits: ArraySlice<UInt8>) -> UInt64? {
    var number: UInt64 = 0
    for digit in digits {
      switch digit {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): number = number << 4 | UInt64(digit - 48)
      case UInt8(ascii: "a")...UInt8(ascii: "f"): number = number << 4 | UInt64(digit - 87)
      default: return nil
      }
    }
    return number
  }
}
