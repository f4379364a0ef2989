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

  /// The bytes as text.
  var text: String { String(decoding: self, as: UTF8.self) }
}
