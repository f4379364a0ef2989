import Glibc

// A request's fields are compared a hundred times a call: `memcmp`, after the lengths.
extension UnsafeBufferPointer<UInt8> {
  /// Whether the bytes are this literal.
  @inline(__always)
  func equals(_ literal: StaticString) -> Bool {
    self.count == literal.utf8CodeUnitCount && self.starts(with: literal)
  }

  /// Whether the bytes are those.
  func equals(_ other: [UInt8]) -> Bool {
    guard self.count == other.count, let first = self.baseAddress else { return other.isEmpty }
    return memcmp(first, other, self.count) == 0
  }

  /// Whether the bytes begin with this literal.
  @inline(__always)
  func starts(with literal: StaticString) -> Bool {
    let count = literal.utf8CodeUnitCount
    guard self.count >= count, let first = self.baseAddress else { return count == 0 }
    return memcmp(first, literal.utf8Start, count) == 0
  }

  /// Whether the bytes end with this literal.
  @inline(__always)
  func ends(with literal: StaticString) -> Bool {
    let count = literal.utf8CodeUnitCount
    guard self.count >= count, let first = self.baseAddress else { return count == 0 }
    return memcmp(first + (self.count - count), literal.utf8Start, count) == 0
  }

  /// Whether the bytes are a list, parted by commas, that has this literal.
  func lists(_ literal: StaticString) -> Bool {
    self.split(separator: UInt8(ascii: ",")).contains { part in
      let isSpace = { (byte: UInt8) in byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
      var rest = part.drop(while: isSpace)
      while let last = rest.last, isSpace(last) { rest.removeLast() }
      return UnsafeBufferPointer(rebasing: rest).equals(literal)
    }
  }

  /// The bytes as text.
  var text: String { String(decoding: self, as: UTF8.self) }
}
