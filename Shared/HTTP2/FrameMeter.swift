/// Follows the frames in a client's bytes and says what they cost, past libnghttp2: that reports no
/// frame it ignores (unknown types, streams long closed), and a peer may send millions of those.
///
/// It reads the nine bytes of a frame's head (RFC 9113, 4.1) and, of padded DATA, the length of the
/// padding; payloads it skips. It judges nothing else: what is wrong, libnghttp2 says.
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
  private var head: (length: Int, type: UInt8, flags: UInt8) = (0, 0, 0)
  /// How many bytes of the head have been read.
  private var headRead = 0
  private var awaitsPadding = false
  /// Whether a header block has begun whose end has not.
  private(set) var isInHeaderBlock = false
  /// How many frames have begun.
  private(set) var frames = 0

  /// Whether the bytes so far end within a frame or a header block.
  var isWithinFrame: Bool {
    self.headRead > 0 || self.awaitsPadding || (self.skip > 0 && self.frames > 0)
      || self.isInHeaderBlock
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
      self.readHead(bytes[at])
      at += 1
      if self.headRead == Self.headBytes { cost += self.endHead() }
    }
    return cost
  }

  private mutating func readHead(_ byte: UInt8) {
    switch self.headRead {
    case 0: self.head.length = Int(byte) << 16
    case 1: self.head.length |= Int(byte) << 8
    case 2: self.head.length |= Int(byte)
    case 3: self.head.type = byte
    case 4: self.head.flags = byte
    default: break
    }
    self.headRead += 1
  }

  private mutating func endHead() -> Int {
    self.headRead = 0
    self.frames += 1
    self.skip = self.head.length
    switch self.head.type {
    case FrameType.data:
      guard self.head.length > 0 else { return self.emptyCost }
      self.awaitsPadding = self.head.flags & Flag.padded != 0
      return 0
    case FrameType.headers, FrameType.continuation:
      self.isInHeaderBlock = self.head.flags & Flag.endHeaders == 0
      return 1 + self.head.length / Self.headerBytesPerCost
    case FrameType.settings:
      return self.head.flags & Flag.ack == 0 ? Self.settingsCost : 1
    default: return 1
    }
  }

  /// An empty DATA frame is for nothing, unless it ends its stream.
  private var emptyCost: Int { self.head.flags & Flag.endStream == 0 ? 1 : 0 }
}
