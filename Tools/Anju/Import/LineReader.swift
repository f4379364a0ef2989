import Foundation

/// The lines of a file, one after the other: no more of it is in memory than one line and one
/// chunk.
struct LineReader {
  /// How many bytes a line may have: a row of an import with every text at its longest has 4 KiB.
  static let lineBytesMax = 65_536
  /// How many bytes are read at once.
  static let chunkBytes = 65_536

  /// One line, without its end.
  enum Line: Hashable {
    case bytes([UInt8])
    /// It is longer than `lineBytesMax`; the next one is read from after its end.
    case tooLong
  }

  private let read: (Int) throws -> [UInt8]
  private var chunk: ArraySlice<UInt8> = []
  private var hasEnded = false

  /// The lines of what `read` gives, at most so many bytes a call and none at the end.
  init(_ read: @escaping (Int) throws -> [UInt8]) {
    self.read = read
  }

  /// The lines of an open file.
  init(_ file: FileHandle) {
    self.init { Array(try file.read(upToCount: $0) ?? Data()) }
  }

  /// The next line; nil after the last one, which need not end in a line feed.
  mutating func next() throws -> Line? {
    var line: [UInt8] = []
    var isTooLong = false
    var hasBegun = false
    while true {
      if self.chunk.isEmpty, !self.hasEnded {
        self.chunk = try self.read(Self.chunkBytes)[...]
        self.hasEnded = self.chunk.isEmpty
      }
      if self.hasEnded {
        guard hasBegun else { return nil }
        return isTooLong ? .tooLong : .bytes(Self.withoutReturn(line))
      }
      hasBegun = true
      let end = self.chunk.firstIndex(of: UInt8(ascii: "\n"))
      let part = self.chunk[..<(end ?? self.chunk.endIndex)]
      self.chunk = self.chunk[(end.map { $0 + 1 } ?? self.chunk.endIndex)...]
      if isTooLong || line.count + part.count > Self.lineBytesMax {
        isTooLong = true
        line = []
      } else {
        line += part
      }
      if end != nil { return isTooLong ? .tooLong : .bytes(Self.withoutReturn(line)) }
    }
  }

  private static func withoutReturn(_ line: [UInt8]) -> [UInt8] {
    line.last == UInt8(ascii: "\r") ? Array(line.dropLast()) : line
  }
}
