/// Ascending marks as few bits: each as its distance from the one before, by Rice's code (Rice and
/// Plaunt 1971; the Golomb code of a power of two). The low `k` bits of a distance stand as they
/// are and what is above them as so many ones and a zero; with `k` the logarithm of the mean
/// distance that is within 3 % of the least that random marks can have.
enum MarkCoding {
  /// The number of low bits for so many marks.
  private static func lowBits(_ count: Int) -> Int {
    let mean = RevocationMark.end / UInt64(max(count, 1))
    return UInt64.bitWidth - 1 - mean.leadingZeroBitCount
  }

  /// Marks, ascending and none twice, as bytes; the bits that are left over are zero.
  static func encode(_ marks: [UInt64]) -> [UInt8] {
    let lowBits = Self.lowBits(marks.count)
    var writer = BitWriter()
    var next: UInt64 = 0
    for mark in marks {
      let distance = mark - next
      for _ in 0..<(distance >> UInt64(lowBits)) { writer.write(1, bits: 1) }
      writer.write(0, bits: 1)
      writer.write(distance, bits: lowBits)
      next = mark + 1
    }
    return writer.bytes
  }

  /// So many marks from the reader's bytes, with the whole last byte. What `encode` would not have
  /// written is refused.
  static func decode(
    _ count: Int, from reader: inout ByteReader
  ) throws(FormDefect) -> [UInt64] {
    let lowBits = Self.lowBits(count)
    // Each mark takes this many bits at least: a count that the bytes cannot hold takes no memory.
    guard reader.rest.count >= (count * (lowBits + 1) + 7) / 8 else { throw .truncated }
    var bits = BitReader(reader.rest)
    var marks: [UInt64] = []
    marks.reserveCapacity(count)
    var next: UInt64 = 0
    for _ in 0..<count {
      var distance: UInt64 = 0
      while try bits.read(1) == 1 {
        distance += 1 << UInt64(lowBits)
        guard next + distance < RevocationMark.end else { throw .fieldWrong("marks") }
      }
      distance += try bits.read(lowBits)
      let mark = next + distance
      guard mark < RevocationMark.end else { throw .fieldWrong("marks") }
      marks.append(mark)
      next = mark + 1
    }
    guard bits.isPadded else { throw .fieldWrong("padding") }
    _ = try reader.raw(bits.bytesRead)
    return marks
  }
}

/// Bits into bytes, the highest first.
private struct BitWriter {
  private(set) var bytes: [UInt8] = []
  /// How many bits of the last byte are used.
  private var used = 8

  mutating func write(_ value: UInt64, bits: Int) {
    var left = bits
    while left > 0 {
      if self.used == 8 {
        self.bytes.append(0)
        self.used = 0
      }
      let count = min(left, 8 - self.used)
      let part = (value >> UInt64(left - count)) & ((1 << UInt64(count)) - 1)
      self.bytes[self.bytes.count - 1] |= UInt8(part) << UInt8(8 - self.used - count)
      self.used += count
      left -= count
    }
  }
}

/// Bits from bytes, the highest first.
private struct BitReader {
  private let bytes: ArraySlice<UInt8>
  private var place = 0

  init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
  }

  /// How many bytes have been begun.
  var bytesRead: Int { (self.place + 7) / 8 }

  /// Whether the rest of the byte that was begun is zero.
  var isPadded: Bool {
    let rest = self.bytesRead * 8 - self.place
    guard rest > 0 else { return true }
    return self.bytes[self.bytes.startIndex + self.place / 8] & ((1 << UInt8(rest)) - 1) == 0
  }

  mutating func read(_ bits: Int) throws(FormDefect) -> UInt64 {
    guard self.place + bits <= self.bytes.count * 8 else { throw .truncated }
    var value: UInt64 = 0
    var left = bits
    while left > 0 {
      let byte = UInt64(self.bytes[self.bytes.startIndex + self.place / 8])
      let free = 8 - self.place % 8
      let count = min(left, free)
      value =
        value << UInt64(count)
        | (byte >> UInt64(free - count)) & ((1 << UInt64(count)) - 1)
      self.place += count
      left -= count
    }
    return value
  }
}
