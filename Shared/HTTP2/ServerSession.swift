import CNghttp2

/// What a server hears from its client. Pointers are valid during the event only.
public enum ServerEvent {
  /// A request's header fields have come; `isLast` if no body follows.
  case request(HTTP2Stream, HeaderList, isLast: Bool)
  /// A part of a request's body. Its window is given back by `consume` and `consumeConnection`.
  case data(HTTP2Stream, UnsafeRawBufferPointer)
  /// The client has finished its side of the stream.
  case ended(HTTP2Stream)
  /// The bytes that wait to be sent on the stream have fallen to `notifyBelowBytes`.
  case sank(HTTP2Stream)
  /// The stream is over: both sides have finished (`noError`), or one of them reset it.
  case closed(HTTP2Stream, HTTP2ErrorCode)
  /// The client's settings have come: it speaks HTTP/2.
  case settings
  /// Our ping has come back.
  case pingAcknowledged
  /// The client has sent a ping, which is answered by itself. `followsAnswer`: header fields or
  /// body bytes were sent since its last one.
  case pinged(followsAnswer: Bool)
}

/// The server's side of one HTTP/2 connection, as a machine.
public final class ServerSession: HTTP2Session {
  /// Told of every event, during `receive` and `output`. It may call the session's methods, but for
  /// those two.
  @exclusivity(unchecked) public var onEvent: (ServerEvent) -> Void = { _ in }

  /// A session that waits for a client's preface.
  public init(limits: HTTP2Limits = HTTP2Limits()) throws(HTTP2Error) {
    try super.init(within: limits) { nghttp2_session_server_new2($0, $1, $2, $3) }
    self.conduct = PeerConduct(limits)
    try self.announce([
      nghttp2_settings_entry(
        NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, limits.concurrentStreamsMax),
      nghttp2_settings_entry(NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, limits.streamWindowBytes),
      nghttp2_settings_entry(NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, limits.headerListBytesMax),
      nghttp2_settings_entry(NGHTTP2_SETTINGS_NO_RFC7540_PRIORITIES, 1),
    ])
  }

  /// Sends a response's header fields, those of `first` before the others; a body follows by
  /// `write` and `finish`.
  public func respond(
    _ stream: HTTP2Stream, _ fields: HeaderList, after first: ConstantFields? = nil
  ) {
    var body = bodyProvider(of: stream)
    stream.constantFields = first
    _ = fields.withFields(after: first) {
      nghttp2_submit_response(self.session, stream.id, $0, $1, &body)
    }
  }

  /// Sends a whole response that is header fields only, such as a gRPC trailers-only answer.
  public func respondOnly(_ stream: HTTP2Stream, _ fields: HeaderList) {
    stream.finish(nil)
    _ = fields.withFields { nghttp2_submit_response(self.session, stream.id, $0, $1, nil) }
  }

  /// The frame that the client has begun and not ended; nil between frames. It changes with each
  /// frame, and stays while one comes byte by byte.
  public var frameUnderWay: Int? { self.conduct?.frameUnderWay }

  /// A second has passed: forgives the client a little of what it spent.
  public func secondPassed() {
    self.conduct?.secondPassed()
  }

  /// The first step of a graceful end: GOAWAY with the highest stream number, so that the client
  /// opens no new stream, and a ping whose answer says that it has read that.
  public func announceShutdown() {
    nghttp2_submit_shutdown_notice(self.session)
    self.ping()
  }

  /// The second step: GOAWAY with the last stream that was taken. Later ones are ignored; streams
  /// under way go on to their end.
  public func finalGoAway() {
    nghttp2_submit_goaway(
      self.session, UInt8(NGHTTP2_FLAG_NONE.rawValue),
      nghttp2_session_get_last_proc_stream_id(self.session), NGHTTP2_NO_ERROR.rawValue, nil, 0)
  }

  override func headersBegan(_ frame: nghttp2_frame) {
    self.block.reset()
    guard frame.headers.cat == NGHTTP2_HCAT_REQUEST else { return }
    let stream = HTTP2Stream(id: frame.hd.stream_id)
    self.streams.insert(stream)
    nghttp2_session_set_stream_user_data(
      self.session, stream.id, Unmanaged.passUnretained(stream).toOpaque())
    self.conduct?.opened()
  }

  override func headersEnded(_ frame: nghttp2_frame) {
    guard let stream = self.stream(frame.hd.stream_id) else { return }
    if self.block.isTruncated {
      stream.isSpoiled = true
      self.conduct?.offended()
    }
    if frame.headers.cat == NGHTTP2_HCAT_REQUEST {
      self.onEvent(.request(stream, self.block, isLast: frame.endsStream))
    } else if frame.endsStream {
      // A client's trailers carry nothing in gRPC: they only end its side.
      self.onEvent(.ended(stream))
    }
  }

  /// A server that has answered before the request ended asks the client to send no more of it
  /// (RFC 9113, 8.1).
  override func endSent(_ id: Int32) {
    guard nghttp2_session_get_stream_remote_close(self.session, id) == 0 else { return }
    nghttp2_submit_rst_stream(
      self.session, UInt8(NGHTTP2_FLAG_NONE.rawValue), id, NGHTTP2_NO_ERROR.rawValue)
  }

  override func dataReceived(_ stream: HTTP2Stream, _ bytes: UnsafeRawBufferPointer) {
    self.onEvent(.data(stream, bytes))
  }

  override func streamEnded(_ stream: HTTP2Stream) {
    self.onEvent(.ended(stream))
  }

  override func streamClosed(_ stream: HTTP2Stream, _ code: HTTP2ErrorCode) {
    self.onEvent(.closed(stream, code))
  }

  override func outboundSank(_ stream: HTTP2Stream) {
    self.onEvent(.sank(stream))
  }

  override func settingsReceived() {
    self.onEvent(.settings)
  }

  override func pingAcknowledged() {
    self.onEvent(.pingAcknowledged)
  }

  override func pingReceived() {
    let followsAnswer = self.hasSentSincePing
    self.hasSentSincePing = false
    self.onEvent(.pinged(followsAnswer: followsAnswer))
  }
}
