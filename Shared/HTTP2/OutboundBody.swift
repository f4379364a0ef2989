import CNghttp2

/// A few bytes that stand before others, such as a message's length.
public struct BodyPrefix {
  /// How many bytes it may have.
  public static let countMax = 8

  let bytes: UInt64
  let count: Int

  /// The `count` lowest bytes of `bytes`, the highest of them first.
  public init(_ bytes: UInt64, count: Int) {
    precondition(0...Self.countMax ~= count, "a prefix has at most 8 bytes")
    self.bytes = bytes
    self.count = count
  }
}

/// The body that waits to be sent on a stream, and what ends it.
struct OutboundBody {
  /// What ends the stream after the body.
  enum Trailers {
    case fields(HeaderList)
    case constant(ConstantFields)

    func submit(to session: OpaquePointer?, _ id: Int32) -> Int32 {
      switch self {
      case .fields(let fields): fields.withFields { nghttp2_submit_trailer(session, id, $0, $1) }
      case .constant(let fields):
        nghttp2_submit_trailer(session, id, fields.entries, fields.entries.count)
      }
    }
  }

  /// What has been read of a long body is dropped once there is so much of it.
  private static let readBytesKept = 65_536

  /// What stands before `bytes`, the first byte highest, so that a message need not be copied to
  /// get its prefix.
  private var prefix: UInt64 = 0
  private var prefixCount = 0
  private var bytes: [UInt8] = []
  /// Whether `bytes` is a message as it was handed in, and not a buffer that messages are copied
  /// into, which is kept for those that follow.
  private var isHandedIn = true
  private var readCount = 0
  /// Kept until the stream is gone: libnghttp2 reads constant ones where they are.
  private var trailers: Trailers?
  /// Whether nothing more will be written.
  private(set) var isFinished = false
  /// Whether libnghttp2 has been given the end.
  private var hasEnded = false
  /// How many bytes have been handed to libnghttp2.
  private(set) var sentBytes = 0
  /// Whether libnghttp2 was told that there is nothing to send now, and must be told when there is.
  var isDeferred = false

  /// How many bytes wait to be sent.
  var waitingBytes: Int { self.prefixCount + self.bytes.count - self.readCount }

  mutating func append(_ bytes: UnsafeRawBufferPointer) {
    self.isHandedIn = false
    self.bytes.append(contentsOf: bytes)
  }

  mutating func append(_ prefix: BodyPrefix, _ bytes: [UInt8]) {
    guard self.waitingBytes > 0 || !self.isHandedIn else {
      self.prefix = prefix.bytes
      self.prefixCount = prefix.count
      self.bytes = bytes
      return
    }
    self.isHandedIn = false
    for place in (0..<prefix.count).reversed() {
      self.bytes.append(UInt8(truncatingIfNeeded: prefix.bytes >> (place * 8)))
    }
    self.bytes.append(contentsOf: bytes)
  }

  mutating func finish(_ trailers: Trailers?) {
    self.isFinished = true
    self.trailers = trailers
  }

  /// Drops what waits to be sent, trailers too; false if the end has left already.
  mutating func cutShort() -> Bool {
    guard !self.hasEnded else { return false }
    let sentBytes = self.sentBytes
    self = OutboundBody()
    self.sentBytes = sentBytes
    self.isFinished = true
    self.hasEnded = true
    return true
  }

  /// Gives libnghttp2 the next bytes, and after the last one the trailers: what its
  /// `nghttp2_data_source_read_callback` returns.
  mutating func read(
    for id: Int32, _ session: OpaquePointer?, into buffer: UnsafeMutableRawBufferPointer,
    _ flags: UnsafeMutablePointer<UInt32>
  ) -> Int {
    let count = self.take(into: buffer)
    guard self.waitingBytes == 0 else { return count }
    guard self.isFinished else {
      self.isDeferred = count == 0
      return count == 0 ? Int(NGHTTP2_ERR_DEFERRED.rawValue) : count
    }
    self.hasEnded = true
    flags.pointee |= NGHTTP2_DATA_FLAG_EOF.rawValue
    if let trailers = self.trailers {
      flags.pointee |= NGHTTP2_DATA_FLAG_NO_END_STREAM.rawValue
      let result = trailers.submit(to: session, id)
      guard result == 0 else { return Int(NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE.rawValue) }
    }
    return count
  }

  private mutating func take(into buffer: UnsafeMutableRawBufferPointer) -> Int {
    let prefixCount = self.takePrefix(into: buffer)
    let count = self.takeBytes(
      into: UnsafeMutableRawBufferPointer(rebasing: buffer[prefixCount...]))
    self.sentBytes += prefixCount + count
    return prefixCount + count
  }

  private mutating func takePrefix(into buffer: UnsafeMutableRawBufferPointer) -> Int {
    let count = min(buffer.count, self.prefixCount)
    guard count > 0 else { return 0 }
    let leading = (self.prefix << UInt64((8 - self.prefixCount) * 8)).bigEndian
    withUnsafeBytes(of: leading) {
      buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0.prefix(count)))
    }
    self.prefixCount -= count
    return count
  }

  private mutating func takeBytes(into buffer: UnsafeMutableRawBufferPointer) -> Int {
    let count = min(buffer.count, self.bytes.count - self.readCount)
    self.bytes.withUnsafeBytes {
      buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[self.readCount...].prefix(count)))
    }
    self.readCount += count
    self.forgetRead()
    return count
  }

  /// So that a long stream does not grow.
  private mutating func forgetRead() {
    if self.readCount == self.bytes.count {
      if self.isHandedIn { self.bytes = [] } else { self.bytes.removeAll(keepingCapacity: true) }
      self.readCount = 0
    } else if self.readCount > max(Self.readBytesKept, self.bytes.count / 2) {
      self.bytes.removeFirst(self.readCount)
      self.readCount = 0
    }
  }
}
