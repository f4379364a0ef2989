import CNghttp2

/// One side of an HTTP/2 connection as a machine: bytes go in by `receive`, what they mean comes
/// out as events, and what is to be sent comes out of `output`. It owns no socket, no thread and no
/// clock, and must be used by one thread at a time.
///
/// `ServerSession` and `ClientSession` are the two machines; here is what they share.
///
/// `@exclusivity(unchecked)`, here and on the stream: a call passes these properties some fifty
/// times, and each check at run time costs as much as what it guards. Nothing that changes one of
/// them calls out, so none is ever used while it is being changed.
public class HTTP2Session {
  let limits: HTTP2Limits
  /// libnghttp2's session. A constant, as it is used at each step of a call.
  let session: OpaquePointer
  @exclusivity(unchecked) var streams = OpenStreams()
  /// The header block that is being received.
  @exclusivity(unchecked) var block = HeaderList()
  /// How the peer behaves; a server's only, because a client chose whom it talks to.
  @exclusivity(unchecked) var conduct: PeerConduct?
  /// Whether the connection ends once GOAWAY has left; what still comes is not read.
  @exclusivity(unchecked) public private(set) var isTerminated = false
  /// What the peer was ended for, if it was.
  public private(set) var abuse: HTTP2Abuse?
  /// Whether the GOAWAY has left that tells the peer why it is ended.
  var hasToldWhy = false
  /// How many body bytes wait to be sent, on all streams.
  @exclusivity(unchecked) public internal(set) var outboundBytes = 0
  /// Whether header fields or body bytes have been sent since the peer's last ping.
  @exclusivity(unchecked) var hasSentSincePing = false

  init(within limits: HTTP2Limits, _ make: Maker) throws(HTTP2Error) {
    self.limits = limits
    self.session = try Self.open(make)
    // Its callbacks find this object, which owns it and outlives it.
    nghttp2_session_set_user_data(self.session, Unmanaged.passUnretained(self).toOpaque())
  }

  deinit {
    nghttp2_session_del(self.session)
  }

  /// How many streams are open.
  public var openStreams: Int { self.streams.count }

  /// The streams that are open, in no order.
  public var openStreamList: [HTTP2Stream] { self.streams.list }

  /// Whether nothing more will be sent or understood: the connection is to be closed.
  public var isOver: Bool {
    if self.hasToldWhy { return true }
    return nghttp2_session_want_read(self.session) == 0
      && nghttp2_session_want_write(self.session) == 0
  }

  /// Takes bytes from the peer; events come during the call. Throws if the connection cannot go on.
  public func receive(_ bytes: UnsafeRawBufferPointer) throws(HTTP2Error) {
    guard !self.isTerminated else { return }
    self.conduct?.received(bytes)
    let taken = nghttp2_session_mem_recv(
      self.session, bytes.bindMemory(to: UInt8.self).baseAddress, bytes.count)
    guard taken >= 0 else {
      self.fail(Int32(taken))
      throw HTTP2Error(nghttp2: Int32(taken))
    }
    self.terminateIfAbused()
  }

  /// Hands out what is to be sent, one frame at a time, until nothing is left or `bytesMax` is
  /// passed. Returns whether there may be more.
  public func output(
    upTo bytesMax: Int, _ send: (UnsafeRawBufferPointer) -> Void
  ) throws(HTTP2Error) -> Bool {
    var total = 0
    while total < bytesMax {
      var data: UnsafePointer<UInt8>?
      let count = nghttp2_session_mem_send(self.session, &data)
      guard count >= 0 else { throw HTTP2Error(nghttp2: Int32(count)) }
      if count == 0 {
        guard self.terminateIfAbused() else { return false }
        continue
      }
      send(UnsafeRawBufferPointer(start: data, count: count))
      total += count
    }
    return true
  }

  /// Queues body bytes; they leave as the peer's flow control allows.
  public func write(_ bytes: UnsafeRawBufferPointer, on stream: HTTP2Stream) {
    stream.append(bytes)
    self.outboundBytes += bytes.count
    self.wake(stream)
  }

  /// Queues body bytes, and those of `prefix` before them. They are not copied if nothing else
  /// waits on the stream.
  public func write(_ prefix: BodyPrefix, _ bytes: [UInt8], on stream: HTTP2Stream) {
    stream.append(prefix, bytes)
    self.outboundBytes += prefix.count + bytes.count
    self.wake(stream)
  }

  /// Ends the sending side of a stream once its bytes have left.
  public func finish(_ stream: HTTP2Stream, trailers: HeaderList? = nil) {
    stream.finish(trailers.map(OutboundBody.Trailers.fields))
    self.wake(stream)
  }

  /// The same with trailers that many streams end with.
  public func finish(_ stream: HTTP2Stream, trailers: ConstantFields) {
    stream.finish(.constant(trailers))
    self.wake(stream)
  }

  /// Ends the sending side of a stream now, with trailers: body bytes that wait for the peer's flow
  /// control are dropped. The response's header fields must have been sent before.
  public func cutShort(_ stream: HTTP2Stream, trailers: HeaderList) {
    let dropped = stream.outboundBytes
    guard stream.cutShort() else { return }
    self.outboundBytes -= dropped
    // Trailers are under no flow control, and after them libnghttp2 drops the body.
    _ = trailers.withFields { nghttp2_submit_trailer(self.session, stream.id, $0, $1) }
  }

  /// Ends a stream at once.
  public func reset(_ stream: HTTP2Stream, _ code: HTTP2ErrorCode) {
    nghttp2_submit_rst_stream(
      self.session, UInt8(NGHTTP2_FLAG_NONE.rawValue), stream.id, code.rawValue)
  }

  /// Gives the connection's window back for body bytes that were received.
  public func consumeConnection(_ count: Int) {
    nghttp2_session_consume_connection(self.session, count)
  }

  /// Gives a stream's window back for body bytes that its reader has taken.
  public func consume(_ count: Int, on stream: HTTP2Stream) {
    nghttp2_session_consume_stream(self.session, stream.id, count)
  }

  /// Asks the peer for a sign of life, or for the end of a round trip.
  public func ping() {
    nghttp2_submit_ping(self.session, UInt8(NGHTTP2_FLAG_NONE.rawValue), nil)
  }

  /// Says GOAWAY with a reason for people. The connection is the caller's to close, once that has
  /// left.
  public func goAway(_ code: HTTP2ErrorCode, reason: String) {
    let bytes = Array(reason.utf8)
    nghttp2_submit_goaway(
      self.session, UInt8(NGHTTP2_FLAG_NONE.rawValue),
      nghttp2_session_get_last_proc_stream_id(self.session), code.rawValue, bytes, bytes.count)
  }

  /// Says GOAWAY with `ENHANCE_YOUR_CALM` and a reason for people, and ends the connection, open
  /// streams included, once that has left: for what only the session's owner can tell. What is
  /// found here ends by itself (`abuse`).
  public func end(for abuse: HTTP2Abuse, reason: String) {
    guard !self.isTerminated else { return }
    self.isTerminated = true
    self.abuse = abuse
    self.goAway(.enhanceYourCalm, reason: reason)
  }

  /// Drops what waits to be sent: the connection is gone, and its owner may be let go much later.
  public func dropBodies() {
    for stream in self.streams.list { _ = stream.cutShort() }
    self.outboundBytes = 0
  }

  /// Says GOAWAY and ends the connection, open streams included, once that has left.
  public func terminate(_ code: HTTP2ErrorCode) {
    guard !self.isTerminated else { return }
    self.isTerminated = true
    nghttp2_session_terminate_session(self.session, code.rawValue)
  }

  // What libnghttp2 reports; each machine turns it into its own events.

  func headersBegan(_ frame: nghttp2_frame) {}
  func headersEnded(_ frame: nghttp2_frame) {}
  func dataReceived(_ stream: HTTP2Stream, _ bytes: UnsafeRawBufferPointer) {}
  func streamEnded(_ stream: HTTP2Stream) {}
  func streamClosed(_ stream: HTTP2Stream, _ code: HTTP2ErrorCode) {}
  func outboundSank(_ stream: HTTP2Stream) {}
  func pingAcknowledged() {}
  func pingReceived() {}
  func goAwayReceived(lastStream: Int32, _ code: HTTP2ErrorCode, reason: String) {}
  func settingsReceived() {}
  func endSent(_ id: Int32) {}

  /// Takes a header field; false if the rest of the block must not be read.
  func fieldReceived(
    _ name: UnsafeBufferPointer<UInt8>, _ value: UnsafeBufferPointer<UInt8>
  ) -> Bool {
    self.block.append(name: name, value: value, within: self.limits)
    guard self.block.offeredBytes > self.limits.headerBlockBytesMax else { return true }
    self.conduct?.bombed()
    return false
  }

  func resetSent(_ code: HTTP2ErrorCode) {
    if code != .noError { self.conduct?.offended() }
  }

  func resetReceived(_ id: Int32) {
    // Whatever code it bears: a stream that the peer has broken off earns nothing.
    guard let stream = self.stream(id) else { return }
    stream.isSpoiled = true
    self.conduct?.cancelled()
  }

  /// Body bytes have been handed to libnghttp2.
  func bodyRead(_ count: Int) {
    self.outboundBytes -= count
    self.conduct?.sentData()
  }

  /// A request that never left, because the peer said GOAWAY before: it was not processed.
  func requestUnsent(_ id: Int32) {
    guard let stream = self.streams.find(id) else { return }
    nghttp2_session_set_stream_user_data(self.session, id, nil)
    self.close(stream, .refusedStream)
  }

  func close(_ stream: HTTP2Stream, _ code: HTTP2ErrorCode) {
    self.streams.remove(stream)
    self.outboundBytes -= stream.outboundBytes
    if code == .noError && !stream.isSpoiled { self.conduct?.endedWell() }
    self.streamClosed(stream, code)
  }

  func stream(_ id: Int32) -> HTTP2Stream? {
    guard let data = nghttp2_session_get_stream_user_data(self.session, id) else { return nil }
    return Unmanaged<HTTP2Stream>.fromOpaque(data).takeUnretainedValue()
  }

  /// Announces the limits and opens the connection's window.
  func announce(_ settings: [nghttp2_settings_entry]) throws(HTTP2Error) {
    let window = Int32(clamping: self.limits.connectionWindowBytes)
    let none = UInt8(NGHTTP2_FLAG_NONE.rawValue)
    var result = nghttp2_submit_settings(self.session, none, settings, settings.count)
    if result == 0 {
      result = nghttp2_session_set_local_window_size(self.session, none, 0, window)
    }
    guard result == 0 else { throw HTTP2Error(nghttp2: result) }
  }

  private func wake(_ stream: HTTP2Stream) {
    if stream.takeDeferral() { nghttp2_session_resume_data(self.session, stream.id) }
  }

  @discardableResult
  private func terminateIfAbused() -> Bool {
    guard !self.isTerminated else { return false }
    if let violation = self.conduct?.violation {
      self.terminate(violation)
      return true
    }
    guard let abuse = self.findAbuse() else { return false }
    self.abuse = abuse
    self.terminate(.enhanceYourCalm)
    return true
  }

  /// libnghttp2 refuses to go on. Of a flood the peer is told; bytes that never were HTTP/2 get no
  /// answer.
  private func fail(_ code: Int32) {
    switch code {
    case NGHTTP2_ERR_FLOODED.rawValue: self.abuse = .queuedFrames
    case NGHTTP2_ERR_TOO_MANY_CONTINUATIONS.rawValue: self.abuse = .headerBlock
    default: return
    }
    self.terminate(.enhanceYourCalm)
  }

  private func findAbuse() -> HTTP2Abuse? {
    if let abuse = self.conduct?.abuse { return abuse }
    // Not what waits to be sent for lack of window: frames that the socket would have to take.
    let queued = nghttp2_session_get_outbound_queue_size(self.session)
    return queued > self.limits.queuedFramesMax ? .queuedFrames : nil
  }
}
