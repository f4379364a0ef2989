/// Follows the frames in a client's bytes and says what they cost, past libnghttp2: that reports no
/// frame it ignores (unknown types, streams long closed), and a peer may send millions of those.
///
/// It reads the nine bytes of a frame's head (RFC 9113, 4.1) and, of padded DATA, the length of the
/// padding; payloads it skips. What is wrong, libnghttp2 says, but for frames that it ignores
/// because it keeps neither priorities nor closed streams here.
struct FrameMeter {
  /// What one SETTINGS frame costs: each may change every stream's window.
  static let settingsCost = 10
  /// For how many bytes of a header block one more is charged: decoding is the dearest work there
  /// is for a byte.
  static let headerBytesPerCost = 1_024

  private static let prefaceBytes = 24
  private static let headBytes = 9

  private enum FrameType {
    static let data: UInt8 = 0
    static let headers: UInt8 = 1
    static let priority: UInt8 = 2
    static let reset: UInt8 = 3
    static let settings: UInt8 = 4
    static let continuation: UInt8 = 9
  }

  private enum Flag {
    static let endStream: UInt8 = 0x1
    static let ack: UInt8 = 0x1
    static let endHeaders: UInt8 = 0x4
    static let padded: UInt8 = 0x8
  }

  /// Bytes to be passed over: the preface, then the rest of each payload.
  private var skip = Self.prefaceBytes
  private var head: (length: Int, type: UInt8, flags: UInt8, stream: UInt32) = (0, 0, 0, 0)
  /// How many bytes of the head have been read.
  private var headRead = 0
  private var awaitsPadding = false
  /// Whether a header block has begun whose end has not.
  private(set) var isInHeaderBlock = false
  /// How many frames have begun.
  private(set) var frames = 0
  /// The frame that began the header block under way.
  private var blockFrame = 0
  private var endedStreams = EndedStreams()
  /// The connection error that a frame amounts to, if one does.
  private(set) var violation: HTTP2ErrorCode?

  /// The number of the frame, or of the header block's first frame, that has begun and not ended;
  /// nil between frames.
  var frameUnderWay: Int? {
    if self.isInHeaderBlock { return self.blockFrame }
    let isWithin = self.headRead > 0 || self.awaitsPadding || (self.skip > 0 && self.frames > 0)
    return isWithin ? self.frames : nil
  }

  /// What the frames that these bytes begin cost.
  mutating func cost(of bytes: UnsafeRawBufferPointer) -> Int {
    var cost = 0
    var at = 0
    while at < bytes.count {
      if self.awaitsPadding {
        self.awaitsPadding = false
        // The payload is all padding: an empty frame in a long coat.
        if Int(bytes[at]) + 1 >= self.head.length { cost += self.emptyCost }
        continue
      }
      if self.skip > 0 {
        let skipped = min(self.skip, bytes.count - at)
        self.skip -= skipped
        at += skipped
        continue
      }
      if self.headRead == 0 && bytes.count - at >= Self.headBytes {
        self.readHead(bytes, at)
        at += Self.headBytes
      } else {
        self.readHead(bytes[at])
        at += 1
      }
      if self.headRead == Self.headBytes { cost += self.endHead() }
    }
    return cost
  }

  /// Reads a head that has come whole, as most do.
  private mutating func readHead(_ bytes: UnsafeRawBufferPointer, _ at: Int) {
    // Three bytes of length, one of type, one of flags, and three of the stream's four.
    let word = UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self))
    self.head = (
      Int(word >> 40), UInt8(truncatingIfNeeded: word >> 32),
      UInt8(truncatingIfNeeded: word >> 24),
      UInt32(truncatingIfNeeded: word & 0x7F_FFFF) << 8 | UInt32(bytes[at + 8])
    )
    self.headRead = Self.headBytes
  }

  private mutating func readHead(_ byte: UInt8) {
    switch self.headRead {
    case 0: self.head.length = Int(byte) << 16
    case 1: self.head.length |= Int(byte) << 8
    case 2: self.head.length |= Int(byte)
    case 3: self.head.type = byte
    case 4: self.head.flags = byte
    case 5: self.head.stream = UInt32(byte & 0x7F)
    default: self.head.stream = self.head.stream << 8 | UInt32(byte)
    }
    self.headRead += 1
  }

  private mutating func endHead() -> Int {
    self.headRead = 0
    self.frames += 1
    self.skip = self.head.length
    self.judge()
    switch self.head.type {
    case FrameType.data:
      guard self.head.length > 0 else { return self.emptyCost }
      self.awaitsPadding = self.head.flags & Flag.padded != 0
      return 0
    case FrameType.headers, FrameType.continuation:
      if self.head.type == FrameType.headers { self.blockFrame = self.frames }
      self.isInHeaderBlock = self.head.flags & Flag.endHeaders == 0
      return 1 + self.head.length / Self.headerBytesPerCost
    case FrameType.settings:
      return self.head.flags & Flag.ack == 0 ? Self.settingsCost : 1
    default: return 1
    }
  }

  /// Finds what is wrong with a frame that libnghttp2 would ignore.
  private mutating func judge() {
    let stream = self.head.stream
    switch self.head.type {
    case FrameType.data, FrameType.headers:
      // RFC 9113, 5.1: a peer that has ended or reset a stream sends no more on it.
      if self.endedStreams.contains(stream) { self.violation = .streamClosed }
      if self.head.flags & Flag.endStream != 0 { self.endedStreams.insert(stream) }
    case FrameType.reset: self.endedStreams.insert(stream)
    case FrameType.priority:
      // RFC 9113, 6.3.
      if stream == 0 { self.violation = .protocolError }
    default: break
    }
  }

  /// An empty DATA frame is for nothing, unless it ends its stream.
  private var emptyCost: Int { self.head.flags & Flag.endStream == 0 ? 1 : 0 }
}

/// The streams that the peer has ended lately: of those whose numbers end alike, the last one.
private struct EndedStreams {
  /// A power of two; at least as many as may be open at once by default.
  private static let count = 128

  private var numbers: [UInt32] = []

  func contains(_ stream: UInt32) -> Bool {
    !self.numbers.isEmpty && stream != 0 && self.numbers[Self.place(stream)] == stream
  }

  mutating func insert(_ stream: UInt32) {
    if self.numbers.isEmpty { self.numbers = [UInt32](repeating: 0, count: Self.count) }
    self.numbers[Self.place(stream)] = stream
  }

  /// A client's streams have odd numbers.
  private static func place(_ stream: UInt32) -> Int { Int(stream >> 1) & (Self.count - 1) }
}
