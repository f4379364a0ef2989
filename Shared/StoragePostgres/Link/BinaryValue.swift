import CPostgres
import Storage

/// Values in the server's binary form. The numbers of types (OIDs) are those of its catalogue
/// `pg_type`, fixed for ever.
enum BinaryValue {
  static let bool: Oid = 16
  static let bytea: Oid = 17
  static let char: Oid = 18
  static let name: Oid = 19
  static let int8: Oid = 20
  static let int2: Oid = 21
  static let int4: Oid = 23
  static let text: Oid = 25
  static let bpchar: Oid = 1042
  static let varchar: Oid = 1043
  static let numeric: Oid = 1700
  /// What a function returns that has nothing to say.
  static let void: Oid = 2278

  /// The type that a bound value is sent as; 0, "find out", for NULL.
  static func type(of value: SQLValue) -> Oid {
    switch value {
    case .null: 0
    case .integer: self.int8
    case .text: self.text
    case .bytes: self.bytea
    }
  }

  /// The value of a column; nil for a type that no column of the house has.
  static func decode(_ bytes: UnsafeRawBufferPointer, type: Oid) -> SQLValue? {
    switch type {
    case self.int8, self.int4, self.int2, self.bool: self.integer(bytes).map { .integer($0) }
    case self.text, self.varchar, self.bpchar, self.name, self.char:
      .text(String(decoding: bytes, as: UTF8.self))
    case self.void: .null
    case self.bytea: .bytes([UInt8](bytes))
    case self.numeric: self.whole(bytes).map { .integer($0) }
    default: nil
    }
  }

  /// A big-endian integer of 1, 2, 4 or 8 bytes.
  private static func integer(_ bytes: UnsafeRawBufferPointer) -> Int64? {
    guard let first = bytes.first, bytes.count <= 8 else { return nil }
    // A truth value is one byte, 0 or 1; a number's first byte has its sign.
    var value: Int64 = first & 0x80 == 0 ? 0 : -1
    for byte in bytes { value = value << 8 | Int64(byte) }
    return value
  }

  /// A decimal number without a fraction, as sums of integers are; nil for any other.
  ///
  /// Four numbers of 16 bits (how many digits, the first digit's weight, sign, scale), then digits
  /// to the base of 10,000.
  private static func whole(_ bytes: UnsafeRawBufferPointer) -> Int64? {
    func word(_ index: Int) -> Int { Int(bytes[2 * index]) << 8 | Int(bytes[2 * index + 1]) }
    guard bytes.count >= 8, bytes.count == 8 + 2 * word(0) else { return nil }
    let (digits, weight, sign) = (word(0), Int(Int16(truncatingIfNeeded: word(1))), word(2))
    guard sign == 0 || sign == 0x4000, digits <= weight + 1, weight < 5 else {
      return digits == 0 ? 0 : nil
    }
    var value: Int64 = 0
    for index in 0..<(weight + 1) {
      let digit = Int64(index < digits ? word(4 + index) : 0)
      let (shifted, isTooLarge) = value.multipliedReportingOverflow(by: 10_000)
      // Counted below zero, where there is room for one number more.
      let (sum, isStillTooLarge) = shifted.subtractingReportingOverflow(digit)
      if isTooLarge || isStillTooLarge { return nil }
      value = sum
    }
    if sign != 0 { return value }
    return value == .min ? nil : -value
  }
}
