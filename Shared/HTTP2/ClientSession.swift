import CNghttp2

/// What a client hears from its server. Pointers are valid during the event only.
public enum ClientEvent {
  /// The response's header fields have come; `isLast` if nothing follows.
  case response(HTTP2Stream, HeaderList, isLast: Bool)
  /// A part of a response's body. Its window is given back by `consume` and `consumeConnection`.
  case data(HTTP2Stream, UnsafeRawBufferPointer)
  /// The response's trailers, which end it.
  case trailers(HTTP2Stream, HeaderList)
  /// The server has finished its side of the stream without trailers.
  case ended(HTTP2Stream)
  /// The bytes that wait to be sent on the stream have fallen to `notifyBelowBytes`.
  case sank(HTTP2Stream)
  /// The stream is over: both sides have finished (`noError`), or one of them reset it.
  case closed(HTTP2Stream, HTTP2ErrorCode)
  /// The server takes no stream above `lastStream`; those above it get `closed` with
  /// `refusedStream`. `reason` is what the server says for people, cut to a bound.
  case goAway(lastStream: Int32, HTTP2ErrorCode, reason: String)
  /// The server's settings have come: the connection works, and this many streams may be open.
  case settings(streamsMax: Int)
  /// Our ping has come back.
  case pingAcknowledged
}

/// The client's side of one HTTP/2 connection, as a machine.
public final class ClientSession: HTTP2Session {
  /// Told of every event, during `receive` and `output`. It may call the session's methods, but for
  /// those two.
  public var onEvent: (ClientEvent) -> Void = { _ in }
  private var requests = 0

  /// A session that is about to send its preface.
  public init(limits: HTTP2Limits = HTTP2Limits()) throws(HTTP2Error) {
    try super.init(within: limits) { nghttp2_session_client_new2($0, $1, $2, $3) }
    try self.announce([
      nghttp2_settings_entry(NGHTTP2_SETTINGS_ENABLE_PUSH, 0),
      nghttp2_settings_entry(NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, limits.streamWindowBytes),
      nghttp2_settings_entry(NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, limits.headerListBytesMax),
    ])
  }

  /// Opens a stream with a request's header fields, those of `first` before the others; a body
  /// follows by `write` and `finish`. Throws when the connection has used up its stream numbers.
  public func request(
    _ fields: HeaderList, after first: ConstantFields? = nil, attachment: AnyObject? = nil
  ) throws(HTTP2Error) -> HTTP2Stream {
    guard self.requests < self.limits.requestsMax else {
      throw HTTP2Error(nghttp2: NGHTTP2_ERR_STREAM_ID_NOT_AVAILABLE.rawValue)
    }
    self.requests += 1
    let stream = HTTP2Stream(id: 0)
    stream.attachment = attachment
    stream.constantFields = first
    var body = bodyProvider(of: stream)
    let id = fields.withFields(after: first) {
      nghttp2_submit_request(
        self.session, nil, $0, $1, &body, Unmanaged.passUnretained(stream).toOpaque())
    }
    guard id > 0 else { throw HTTP2Error(nghttp2: id) }
    stream.id = id
    self.streams.insert(stream)
    return stream
  }

  override func headersBegan(_ frame: nghttp2_frame) {
    self.block.reset()
  }

  override func headersEnded(_ frame: nghttp2_frame) {
    guard let stream = self.stream(frame.hd.stream_id) else { return }
    switch self.block.kind {
    // An informational response is followed by the real one.
    case .informational: break
    case .response: self.onEvent(.response(stream, self.block, isLast: frame.endsStream))
    case .trailers: self.onEvent(.trailers(stream, self.block))
    }
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

  override func goAwayReceived(lastStream: Int32, _ code: HTTP2ErrorCode, reason: String) {
    self.onEvent(.goAway(lastStream: lastStream, code, reason: reason))
  }

  override func settingsReceived() {
    let streamsMax = nghttp2_session_get_remote_settings(
      self.session, NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS)
    self.onEvent(.settings(streamsMax: Int(streamsMax)))
  }

  override func pingAcknowledged() {
    self.onEvent(.pingAcknowledged)
  }
}
