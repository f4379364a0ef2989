extension UnsafeBufferPointer<UInt8> {
  /// Whether the bytes are this literal.
  func equals(_ literal: StaticString) -> Bool {
    self.count == literal.utf8CodeUnitCount && self.starts(with: literal)
  }

  /// Whether the bytes begin with this literal.
  func starts(with literal: StaticString) -> Bool {
    let count = literal.utf8CodeUnitCount
    guard self.count >= count else { return false }
    let other = UnsafeBufferPointer(start: literal.utf8Start, count: count)
    return self.prefix(count).elementsEqual(other)
  }

  /// Whether the bytes end with this literal.
  func ends(with literal: StaticString) -> Bool {
    let count = literal.utf8CodeUnitCount
    guard self.count >= count else { return false }
    return UnsafeBufferPointer(rebasing: self.suffix(count)).equals(literal)
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
