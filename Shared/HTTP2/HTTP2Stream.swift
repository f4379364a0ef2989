import CNghttp2

/// One stream of a session, with the bytes still to be sent on it. Confined to its session.
public final class HTTP2Stream {
  /// The stream's number on the wire.
  public internal(set) var id: Int32
  /// What the session's owner keeps with the stream.
  public var attachment: AnyObject?

  private var outbound: [UInt8] = []
  private var outboundRead = 0
  private var isFinished = false
  /// Whether a request's header fields were handed out to be sent; while they were not, the server
  /// cannot know of the stream. A client's only.
  public internal(set) var hasLeft = false
  /// How many body bytes have been handed to libnghttp2.
  public private(set) var sentBytes = 0
  private var trailers: HeaderList?
  /// Whether libnghttp2 has been given the end of the body.
  private var hasEnded = false
  /// Whether libnghttp2 was told that there is nothing to send now, and must be told when there is.
  var isDeferred = false
  /// Whether the session tells its owner once no more than this many bytes wait to be sent.
  public var notifyBelowBytes: Int?

  /// Whether the peer has broken the stream off or sent too large a header list on it, so that its
  /// end earns the peer nothing.
  var isSpoiled = false

  init(id: Int32) {
    self.id = id
  }

  /// How many bytes wait to be sent.
  public var outboundBytes: Int { self.outbound.count - self.outboundRead }

  /// Whether the sending side has been finished.
  public var isOutboundFinished: Bool { self.isFinished }

  func append(_ bytes: UnsafeRawBufferPointer) {
    self.outbound.append(contentsOf: bytes)
  }

  func reserve(_ count: Int) {
    if self.outbound.isEmpty { self.outbound.reserveCapacity(count) }
  }

  func finish(_ trailers: HeaderList?) {
    self.isFinished = true
    self.trailers = trailers
  }

  /// Drops what waits to be sent, trailers too; false if the end has left already.
  func cutShort() -> Bool {
    guard !self.hasEnded else { return false }
    self.outbound = []
    self.outboundRead = 0
    self.trailers = nil
    self.isFinished = true
    self.hasEnded = true
    return true
  }

  /// Whether `notifyBelowBytes` has been reached; true once only.
  func takeNotification() -> Bool {
    guard let mark = self.notifyBelowBytes, self.outboundBytes <= mark else { return false }
    self.notifyBelowBytes = nil
    return true
  }

  /// Gives libnghttp2 the next bytes of the body, and after the last one the trailers.
  func read(
    _ session: OpaquePointer?, into buffer: UnsafeMutablePointer<UInt8>, _ length: Int,
    _ flags: UnsafeMutablePointer<UInt32>
  ) -> Int {
    let count = min(length, self.outboundBytes)
    if count > 0 {
      self.outbound.withUnsafeBufferPointer { bytes in
        guard let base = bytes.baseAddress else { return }
        buffer.update(from: base + self.outboundRead, count: count)
      }
      self.outboundRead += count
      self.sentBytes += count
    }
    guard self.outboundBytes == 0 else {
      self.forgetRead()
      return count
    }
    self.outbound.removeAll(keepingCapacity: true)
    self.outboundRead = 0
    if self.isFinished {
      self.hasEnded = true
      flags.pointee |= NGHTTP2_DATA_FLAG_EOF.rawValue
      if let trailers = self.trailers {
        flags.pointee |= NGHTTP2_DATA_FLAG_NO_END_STREAM.rawValue
        let result = trailers.withFields {
          nghttp2_submit_trailer(session, self.id, $0, $1)
        }
        guard result == 0 else { return Int(NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE.rawValue) }
      }
    } else if count == 0 {
      self.isDeferred = true
      return Int(NGHTTP2_ERR_DEFERRED.rawValue)
    }
    return count
  }

  /// Drops what has been read once it is the larger part, so that a long stream does not grow.
  private func forgetRead() {
    guard self.outboundRead > 65_536, self.outboundRead > self.outbound.count / 2 else { return }
    self.outbound.removeFirst(self.outboundRead)
    self.outboundRead = 0
  }
}
