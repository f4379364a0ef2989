import DomainModel

/// Writes the fields of a binary form, numbers with their highest byte first.
struct ByteWriter {
  private(set) var bytes: [UInt8] = []

  /// A number in so many bytes; it must fit and not be negative.
  mutating func number(_ value: Int64, byteCount: Int) {
    precondition(value >= 0 && value >> Int64(byteCount * 8) == 0, "a number does not fit")
    for index in (0..<byteCount).reversed() {
      self.bytes.append(UInt8(truncatingIfNeeded: value >> Int64(index * 8)))
    }
  }

  /// A text of at most 255 bytes, its length before it.
  mutating func text(_ text: String) {
    self.number(Int64(text.utf8.count), byteCount: 1)
    self.bytes += Array(text.utf8)
  }

  /// A day from 1970 on, as days since then.
  mutating func day(_ date: CivilDate) {
    self.number(Int64(date.dayNumber), byteCount: 3)
  }

  /// An instant from 1970 on, in milliseconds since then.
  mutating func instant(_ instant: Timestamp) {
    self.number(instant.milliseconds, byteCount: 6)
  }

  /// Bytes as they are.
  mutating func raw(_ bytes: [UInt8]) {
    self.bytes += bytes
  }
}

/// Reads what `ByteWriter` wrote, and refuses what it would not have written.
struct ByteReader {
  private let bytes: ArraySlice<UInt8>
  private(set) var place: Int

  init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    self.place = bytes.startIndex
  }

  /// What has not been read.
  var rest: ArraySlice<UInt8> { self.bytes[self.place...] }

  mutating func raw(_ count: Int) throws(FormDefect) -> ArraySlice<UInt8> {
    guard self.rest.count >= count else { throw .truncated }
    self.place += count
    return self.bytes[(self.place - count)..<self.place]
  }

  mutating func number(byteCount: Int) throws(FormDefect) -> Int64 {
    try self.raw(byteCount).reduce(0) { $0 << 8 | Int64($1) }
  }

  /// Characters of ASCII that are to be seen, at most so many.
  mutating func word(_ name: String, bytesMax: Int) throws(FormDefect) -> String {
    let count = Int(try self.number(byteCount: 1))
    guard count <= bytesMax else { throw .fieldWrong(name) }
    let text = String(decoding: try self.raw(count), as: UTF8.self)
    guard isWord(text, charactersMax: bytesMax) else { throw .fieldWrong(name) }
    return text
  }

  /// A text with nothing unseen in it, of at most so many bytes.
  mutating func text(_ name: String, bytesMax: Int) throws(FormDefect) -> String {
    let count = Int(try self.number(byteCount: 1))
    guard count <= bytesMax else { throw .fieldWrong(name) }
    guard let text = String(validating: try self.raw(count), as: UTF8.self),
      TextRules.defects(of: text, charactersMax: bytesMax).isEmpty
    else { throw .fieldWrong(name) }
    return text
  }

  mutating func day(_ name: String) throws(FormDefect) -> CivilDate {
    let number = Int(try self.number(byteCount: 3))
    let day = CivilDate(dayNumber: number)
    guard day.dayNumber == number else { throw .fieldWrong(name) }
    return day
  }

  mutating func instant() throws(FormDefect) -> Timestamp {
    Timestamp(milliseconds: try self.number(byteCount: 6))
  }
}
