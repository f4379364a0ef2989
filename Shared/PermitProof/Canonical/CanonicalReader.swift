/// Reads `CanonicalJSON` from bytes, and refuses every byte that the spelling would not have.
///
/// It reads no JSON but the one spelling: no white space, no key twice or out of order, no escape
/// where a character stands as itself, no number with a fraction. What is read is written as the
/// same bytes, so that a signature over what is read is one over the bytes.
struct CanonicalReader {
  /// How deep values may lie in one another.
  static let depthMax = 8
  /// How many members an object, and how many elements an array may have.
  static let membersMax = 64

  private let bytes: [UInt8]
  private var place = 0

  private init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  /// The value in all the bytes. Throws `FormDefect`.
  static func value(
    in bytes: [UInt8], bytesMax: Int
  ) throws(FormDefect) -> CanonicalJSON {
    guard bytes.count <= bytesMax else { throw .tooLong(bytesMax: bytesMax) }
    var reader = CanonicalReader(bytes)
    let value = try reader.value(depth: 0)
    guard reader.place == bytes.count else { throw reader.notCanonical }
    return value
  }

  private var notCanonical: FormDefect { .notCanonical(at: self.place) }

  private func peek() throws(FormDefect) -> UInt8 {
    guard self.place < self.bytes.count else { throw .truncated }
    return self.bytes[self.place]
  }

  private mutating func take(_ byte: UInt8) throws(FormDefect) {
    guard try self.peek() == byte else { throw self.notCanonical }
    self.place += 1
  }

  /// Takes the byte if it is the next.
  private mutating func takes(_ byte: UInt8) throws(FormDefect) -> Bool {
    guard try self.peek() == byte else { return false }
    self.place += 1
    return true
  }

  private mutating func value(depth: Int) throws(FormDefect) -> CanonicalJSON {
    guard depth < Self.depthMax else { throw self.notCanonical }
    switch try self.peek() {
    case UInt8(ascii: "\""): return .string(try self.text())
    case UInt8(ascii: "{"): return .object(try self.members(depth: depth))
    case UInt8(ascii: "["): return .array(try self.elements(depth: depth))
    default: return .integer(try self.integer())
    }
  }

  private mutating func members(depth: Int) throws(FormDefect) -> [String: CanonicalJSON] {
    try self.take(UInt8(ascii: "{"))
    var members: [String: CanonicalJSON] = [:]
    if try self.takes(UInt8(ascii: "}")) { return members }
    var last = ""
    repeat {
      let key = try self.text()
      let isNext = members.isEmpty || last.utf8.lexicographicallyPrecedes(key.utf8)
      guard isNext, members.count < Self.membersMax, key.utf8.allSatisfy({ $0 < 0x80 }) else {
        throw self.notCanonical
      }
      last = key
      try self.take(UInt8(ascii: ":"))
      members[key] = try self.value(depth: depth + 1)
    } while try self.takes(UInt8(ascii: ","))
    try self.take(UInt8(ascii: "}"))
    return members
  }

  private mutating func elements(depth: Int) throws(FormDefect) -> [CanonicalJSON] {
    try self.take(UInt8(ascii: "["))
    var elements: [CanonicalJSON] = []
    if try self.takes(UInt8(ascii: "]")) { return elements }
    repeat {
      guard elements.count < Self.membersMax else { throw self.notCanonical }
      elements.append(try self.value(depth: depth + 1))
    } while try self.takes(UInt8(ascii: ","))
    try self.take(UInt8(ascii: "]"))
    return elements
  }

  private mutating func integer() throws(FormDefect) -> Int64 {
    let start = self.place
    let isNegative = try self.takes(UInt8(ascii: "-"))
    var value: Int64 = 0
    let first = self.place
    while self.place < self.bytes.count, (0x30...0x39).contains(self.bytes[self.place]) {
      value = value * 10 + Int64(self.bytes[self.place] - 0x30)
      guard value <= CanonicalJSON.integerMax else { throw self.notCanonical }
      self.place += 1
    }
    let count = self.place - first
    if count == 0, self.place == self.bytes.count { throw .truncated }
    let isPadded = count > 1 && self.bytes[first] == 0x30 || isNegative && value == 0
    guard count > 0, !isPadded else { throw .notCanonical(at: start) }
    return isNegative ? -value : value
  }

  private mutating func text() throws(FormDefect) -> String {
    try self.take(UInt8(ascii: "\""))
    let start = self.place
    // Hardly a text has an escape: what stands before the first one is copied whole.
    self.passPlain()
    var read = self.bytes[start..<self.place]
    while try self.peek() != UInt8(ascii: "\"") {
      guard try self.peek() == UInt8(ascii: "\\") else { throw self.notCanonical }
      read.append(try self.escaped())
      let plain = self.place
      self.passPlain()
      read += self.bytes[plain..<self.place]
    }
    self.place += 1
    guard let text = String(validating: read, as: UTF8.self) else {
      throw .notCanonical(at: start)
    }
    return text
  }

  /// Goes on to the next byte that does not stand for itself in a text, or to the end.
  private mutating func passPlain() {
    while self.place < self.bytes.count, Self.isPlain(self.bytes[self.place]) { self.place += 1 }
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    byte >= 0x20 && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
  }

  /// The one byte that an escape stands for, where it is the escape that stands for it.
  private mutating func escaped() throws(FormDefect) -> UInt8 {
    for byte in Self.escapable {
      let escape = Array((CanonicalJSON.escape(byte) ?? "").utf8)
      if self.bytes[self.place...].starts(with: escape) {
        self.place += escape.count
        return byte
      }
    }
    let rest = self.bytes[self.place...]
    let isCut = Self.escapable.contains { byte in
      (CanonicalJSON.escape(byte) ?? "").utf8.starts(with: rest)
    }
    throw isCut ? .truncated : self.notCanonical
  }

  private static let escapable = Array(UInt8(0)..<0x20) + Array("\"\\".utf8)
}
