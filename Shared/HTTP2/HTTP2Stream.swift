import CNghttp2

/// One stream of a session, with the bytes still to be sent on it. Confined to its session.
public final class HTTP2Stream {
  /// The stream's number on the wire.
  @exclusivity(unchecked) public internal(set) var id: Int32
  /// What the session's owner keeps with the stream.
  public var attachment: AnyObject? {
    get { self.kept }
    set { self.kept = newValue }
  }
  // Not public itself: in other modules it would be checked after all.
  @exclusivity(unchecked) private var kept: AnyObject?
  /// Where the session's `OpenStreams` keeps it.
  @exclusivity(unchecked) var place = 0

  /// What is to be sent. One value, so that each step of a call is one access to it.
  @exclusivity(unchecked) private var body = OutboundBody()
  /// Whether a request's header fields were handed out to be sent; while they were not, the server
  /// cannot know of the stream. A client's only.
  @exclusivity(unchecked) public internal(set) var hasLeft = false
  /// The fields that our request or response began with: libnghttp2 reads them where they are.
  @exclusivity(unchecked) var constantFields: ConstantFields?
  /// Whether the session tells its owner once no more than this many bytes wait to be sent.
  @exclusivity(unchecked) public var notifyBelowBytes: Int?

  /// Whether the peer has broken the stream off or sent too large a header list on it, so that its
  /// end earns the peer nothing.
  @exclusivity(unchecked) var isSpoiled = false

  init(id: Int32) {
    self.id = id
  }

  /// How many bytes wait to be sent.
  public var outboundBytes: Int { self.body.waitingBytes }

  /// How many body bytes have been handed to libnghttp2.
  public var sentBytes: Int { self.body.sentBytes }

  /// Whether the sending side has been finished.
  public var isOutboundFinished: Bool { self.body.isFinished }

  func append(_ bytes: UnsafeRawBufferPointer) {
    self.body.append(bytes)
  }

  func append(_ prefix: BodyPrefix, _ bytes: [UInt8]) {
    self.body.append(prefix, bytes)
  }

  func finish(_ trailers: OutboundBody.Trailers?) {
    self.body.finish(trailers)
  }

  /// Drops what waits to be sent, trailers too; false if the end has left already.
  func cutShort() -> Bool {
    self.body.cutShort()
  }

  /// Whether libnghttp2 waits to be told that there is something to send; it then no longer does.
  func takeDeferral() -> Bool {
    guard self.body.isDeferred else { return false }
    self.body.isDeferred = false
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
    _ session: OpaquePointer?, into buffer: UnsafeMutableRawBufferPointer,
    _ flags: UnsafeMutablePointer<UInt32>
  ) -> Int {
    self.body.read(for: self.id, session, into: buffer, flags)
  }
}
