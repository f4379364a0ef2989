import CNghttp2

/// The body that waits to be sent on a stream, and what ends it.
struct OutboundBody {
  /// What has been read of a long body is dropped once there is so much of it.
  private static let readBytesKept = 65_536

  private var bytes: [UInt8] = []
  private var readCount = 0
  private var trailers: HeaderList?
  /// Whether nothing more will be written.
  private(set) var isFinished = false
  /// Whether libnghttp2 has been given the end.
  private var hasEnded = false
  /// How many bytes have been handed to libnghttp2.
  private(set) var sentBytes = 0
  /// Whether libnghttp2 was told that there is nothing to send now, and must be told when there is.
  var isDeferred = false

  /// How many bytes wait to be sent.
  var waitingBytes: Int { self.bytes.count - self.readCount }

  mutating func append(_ prefix: UnsafeRawBufferPointer, _ bytes: UnsafeRawBufferPointer) {
    // A unary answer's one message gets a buffer of its size; what streams grows its own.
    if self.bytes.isEmpty { self.bytes.reserveCapacity(prefix.count + bytes.count) }
    self.bytes.append(contentsOf: prefix)
    self.bytes.append(contentsOf: bytes)
  }

  mutating func finish(_ trailers: HeaderList?) {
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
    if let trailers = self.trailers.take() {
      flags.pointee |= NGHTTP2_DATA_FLAG_NO_END_STREAM.rawValue
      let result = trailers.withFields { nghttp2_submit_trailer(session, id, $0, $1) }
      guard result == 0 else { return Int(NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE.rawValue) }
    }
    return count
  }

  private mutating func take(into buffer: UnsafeMutableRawBufferPointer) -> Int {
    let count = min(buffer.count, self.waitingBytes)
    self.bytes.withUnsafeBytes {
      buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[self.readCount...].prefix(count)))
    }
    self.readCount += count
    self.sentBytes += count
    self.forgetRead()
    return count
  }

  /// So that a long stream does not grow.
  private mutating func forgetRead() {
    if self.readCount == self.bytes.count {
      self.bytes.removeAll(keepingCapacity: true)
      self.readCount = 0
    } else if self.readCount > max(Self.readBytesKept, self.bytes.count / 2) {
      self.bytes.removeFirst(self.readCount)
      self.readCount = 0
    }
  }
}
