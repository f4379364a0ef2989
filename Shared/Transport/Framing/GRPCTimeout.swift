/// The header `grpc-timeout`: one to eight digits and a unit.
enum GRPCTimeout {
  /// The longest timeout that is told apart from none, in nanoseconds: about 24 days.
  private static let nanosecondsMax: Int64 = 2_147_483_648_000_000

  /// The timeout in nanoseconds; nil for text that is none.
  static func nanoseconds(_ text: UnsafeBufferPointer<UInt8>) -> Int64? {
    guard text.count >= 2, text.count <= 9, let last = text.last else { return nil }
    var value: Int64 = 0
    for character in text.dropLast() {
      guard character >= 0x30, character <= 0x39 else { return nil }
      value = value * 10 + Int64(character - 0x30)
    }
    let unit: Int64
    switch last {
    case UInt8(ascii: "n"): unit = 1
    case UInt8(ascii: "u"): unit = 1000
    case UInt8(ascii: "m"): unit = 1_000_000
    case UInt8(ascii: "S"): unit = 1_000_000_000
    case UInt8(ascii: "M"): unit = 60_000_000_000
    case UInt8(ascii: "H"): unit = 3_600_000_000_000
    default: return nil
    }
    let (product, isTooLarge) = value.multipliedReportingOverflow(by: unit)
    return isTooLarge ? self.nanosecondsMax : min(product, self.nanosecondsMax)
  }

  /// The header for a timeout: in milliseconds, in seconds if the digits do not suffice.
  static func text(milliseconds: Int64) -> String {
    let value = max(milliseconds, 0)
    return value <= 99_999_999 ? "\(value)m" : "\(min(value / 1000, 99_999_999))S"
  }
}
