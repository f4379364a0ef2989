/// The check characters of ISO/IEC 7064 that China's identifiers use.
enum CheckCharacters {
  /// Pure system MOD 11-2 over digits, as in citizen identity numbers (GB 11643-1999): the weight
  /// of a place is a power of two modulo 11, and the remainder ten is written X. Nil if any
  /// character is not a digit.
  static func mod11Radix2(of digits: some Collection<UInt8>) -> UInt8? {
    var remainder = 0
    for digit in digits {
      guard isDigit(digit) else { return nil }
      remainder = (remainder + Int(digit - UInt8(ascii: "0"))) * 2 % 11
    }
    let check = (12 - remainder) % 11
    return check == 10 ? UInt8(ascii: "X") : UInt8(ascii: "0") + UInt8(check)
  }

  /// Hybrid system MOD 37,36 over digits and capital letters, as in e-certificate identifiers
  /// (GB/T 36904-2018). Nil if any character is another.
  static func mod37Radix36(of characters: some Collection<UInt8>) -> UInt8? {
    var product = 36
    for character in characters {
      guard let value = Self.base36Value(character) else { return nil }
      let sum = (product + value) % 36
      product = (sum == 0 ? 36 : sum) * 2 % 37
    }
    return Self.base36Character((37 - product) % 36)
  }

  /// 0 to 35 for `0` to `9` and `A` to `Z`.
  static func base36Value(_ character: UInt8) -> Int? {
    switch character {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): Int(character - UInt8(ascii: "0"))
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): Int(character - UInt8(ascii: "A")) + 10
    default: nil
    }
  }

  /// `0` to `9` and `A` to `Z` for 0 to 35.
  static func base36Character(_ value: Int) -> UInt8 {
    value < 10 ? UInt8(ascii: "0") + UInt8(value) : UInt8(ascii: "A") + UInt8(value - 10)
  }
}
