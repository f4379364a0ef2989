/// A TAR archive (POSIX ustar) of small files, without anything that differs from run to run: the
/// same files give the same bytes.
struct TarWriter {
  /// What an entry's name has at most, in bytes: all of ours are short.
  static let nameBytesMax = 100
  private static let blockBytes = 512

  private(set) var bytes: [UInt8] = []
  /// Seconds since 1970, the same for every entry.
  private let modifiedAt: Int64

  init(modifiedAt: Int64) {
    self.modifiedAt = modifiedAt
  }

  /// Adds a file. The name is ASCII and at most `nameBytesMax` long; a longer one is cut.
  mutating func add(_ name: String, _ content: [UInt8]) {
    self.bytes += self.header(name, size: content.count)
    self.bytes += content
    self.pad()
  }

  /// Ends the archive: two empty blocks.
  mutating func finish() {
    self.bytes += Array(repeating: 0, count: 2 * Self.blockBytes)
  }

  private mutating func pad() {
    let rest = self.bytes.count % Self.blockBytes
    if rest > 0 { self.bytes += Array(repeating: 0, count: Self.blockBytes - rest) }
  }

  /// The fields by their offsets in the block, as POSIX.1-1988 has them.
  private func header(_ name: String, size: Int) -> [UInt8] {
    var block = [UInt8](repeating: 0, count: Self.blockBytes)
    func put(_ bytes: some Sequence<UInt8>, at offset: Int) {
      for (index, byte) in bytes.enumerated() { block[offset + index] = byte }
    }
    put(name.utf8.prefix(Self.nameBytesMax), at: 0)
    put(Self.octal(0o444, digits: 7), at: 100)
    put(Self.octal(0, digits: 7), at: 108)
    put(Self.octal(0, digits: 7), at: 116)
    put(Self.octal(Int64(size), digits: 11), at: 124)
    put(Self.octal(max(0, self.modifiedAt), digits: 11), at: 136)
    put(Array(repeating: UInt8(ascii: " "), count: 8), at: 148)
    put("0".utf8, at: 156)
    put("ustar".utf8, at: 257)
    put("00".utf8, at: 263)
    let sum = block.reduce(Int64(0)) { $0 + Int64($1) }
    put(Self.octal(sum, digits: 6) + [0, UInt8(ascii: " ")], at: 148)
    return block
  }

  private static func octal(_ value: Int64, digits: Int) -> [UInt8] {
    let text = String(value, radix: 8)
    return Array((String(repeating: "0", count: max(0, digits - text.utf8.count)) + text).utf8)
  }
}
