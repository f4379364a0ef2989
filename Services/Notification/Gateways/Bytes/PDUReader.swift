/// Reads the fields of one PDU in order and never beyond its end.
package struct PDUReader {
  private var rest: ArraySlice<UInt8>

  /// A reader over the bytes of a PDU.
  package init(_ bytes: ArraySlice<UInt8>) {
    self.rest = bytes
  }

  /// How many bytes are left.
  package var count: Int { self.rest.count }

  /// The next so many bytes.
  package mutating func bytes(_ count: Int) throws(PDUFault) -> ArraySlice<UInt8> {
    guard count <= self.rest.count else { throw .fieldCut }
    defer { self.rest = self.rest.dropFirst(count) }
    return self.rest.prefix(count)
  }

  /// One byte.
  package mutating func byte() throws(PDUFault) -> UInt8 {
    guard let byte = self.rest.popFirst() else { throw .fieldCut }
    return byte
  }

  /// A number of two bytes, big end first.
  package mutating func short() throws(PDUFault) -> UInt16 {
    try self.bytes(2).reduce(0) { $0 << 8 | UInt16($1) }
  }

  /// A number of four bytes, big end first.
  package mutating func word() throws(PDUFault) -> UInt32 {
    try self.bytes(4).reduce(0) { $0 << 8 | UInt32($1) }
  }

  /// A number of eight bytes, big end first.
  package mutating func long() throws(PDUFault) -> UInt64 {
    try self.bytes(8).reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// A text that ends with a zero byte, which counts among at most `max` bytes (SMPP 3.4, 3.1:
  /// C-octet string).
  package mutating func terminatedText(_ max: Int) throws(PDUFault) -> String {
    guard let end = self.rest.prefix(max).firstIndex(of: 0) else {
      throw self.rest.count < max ? .fieldCut : .textTooLong
    }
    defer { self.rest = self.rest[(end + 1)...] }
    return String(latin1: self.rest[..<end])
  }

  /// A text in a field of so many bytes, of which those from the first zero byte on are no text
  /// (CMPP: octet string, filled up with zeroes on the right).
  package mutating func paddedText(_ count: Int) throws(PDUFault) -> String {
    String(latin1: try self.bytes(count).prefix { $0 != 0 })
  }

  /// Throws unless everything has been read.
  package func end() throws(PDUFault) {
    guard self.rest.isEmpty else { throw .bytesLeft }
  }
}

/// Writes the fields of a PDU, big end first.
extension [UInt8] {
  /// A number, all its bytes, big end first.
  package mutating func append(number: some FixedWidthInteger & UnsignedInteger) {
    for shift in stride(from: number.bitWidth - 8, through: 0, by: -8) {
      self.append(UInt8(truncatingIfNeeded: number >> shift))
    }
  }

  /// A text and its zero byte, at most `max` bytes together: what is longer is cut.
  package mutating func append(terminated text: String, _ max: Int) {
    self += text.latin1.prefix(max - 1)
    self.append(0)
  }

  /// A text in a field of so many bytes, filled up with zeroes; what is longer is cut.
  package mutating func append(padded text: String, _ count: Int) {
    let bytes = text.latin1.prefix(count)
    self += bytes
    self += [UInt8](repeating: 0, count: count - bytes.count)
  }

  /// Writes the length of the whole into its first four bytes.
  package mutating func setLength() {
    let length = UInt32(self.count)
    for index in 0..<4 { self[index] = UInt8(truncatingIfNeeded: length >> (24 - 8 * index)) }
  }
}

/// Texts of the protocols themselves, as accounts and ids. Each byte is one character, so that
/// whatever a provider writes comes back as it was.
extension String {
  /// The bytes as characters U+0000 to U+00FF.
  package init(latin1 bytes: some Sequence<UInt8>) {
    var scalars = UnicodeScalarView()
    scalars.append(contentsOf: bytes.lazy.map { Unicode.Scalar($0) })
    self = String(scalars)
  }

  /// The characters as bytes; a question mark for one beyond U+00FF.
  package var latin1: [UInt8] {
    self.unicodeScalars.map { UInt8(exactly: $0.value) ?? UInt8(ascii: "?") }
  }
}
