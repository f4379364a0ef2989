import CNghttp2

extension HTTP2Error {
  init(nghttp2 code: Int32) {
    self.init(code: code, description: String(cString: nghttp2_strerror(code)))
  }
}

extension nghttp2_settings_entry {
  init(_ id: nghttp2_settings_id, _ value: Int) {
    self.init(settings_id: Int32(id.rawValue), value: UInt32(clamping: value))
  }
}

/// The body of a stream as libnghttp2 pulls it.
func bodyProvider(of stream: HTTP2Stream) -> nghttp2_data_provider {
  nghttp2_data_provider(
    source: nghttp2_data_source(ptr: Unmanaged.passUnretained(stream).toOpaque()),
    read_callback: { session, _, buffer, length, flags, source, owner in
      guard let buffer, let flags, let pointer = source?.pointee.ptr else {
        return Int(NGHTTP2_ERR_CALLBACK_FAILURE.rawValue)
      }
      // The session keeps the stream until libnghttp2 has closed it, and asks no more after that.
      let stream = Unmanaged<HTTP2Stream>.fromOpaque(pointer).takeUnretainedValue()
      let room = UnsafeMutableRawBufferPointer(start: buffer, count: length)
      let count = stream.read(session, into: room, flags)
      withMachine(owner) { machine in
        if count > 0 { machine.bodyRead(count) }
        if stream.takeNotification() { machine.outboundSank(stream) }
      }
      return count
    })
}

/// Lends the session behind a callback's pointer. It owns the C session that calls back, so it
/// lives on during the call, and counting a reference for every header field would be wasted.
private func withMachine(_ owner: UnsafeMutableRawPointer?, _ body: (HTTP2Session) -> Void) {
  guard let owner else { return }
  Unmanaged<HTTP2Session>.fromOpaque(owner)._withUnsafeGuaranteedRef { body($0) }
}

extension HTTP2Session {
  /// Makes a client's or a server's C session: its place, callbacks, owner and options.
  typealias Maker = (
    UnsafeMutablePointer<OpaquePointer?>, OpaquePointer?, UnsafeMutableRawPointer?, OpaquePointer?
  ) -> Int32

  /// Makes the C session, which has no owner yet.
  static func open(_ make: Maker) throws(HTTP2Error) -> OpaquePointer {
    var callbacks: OpaquePointer?
    var options: OpaquePointer?
    guard nghttp2_session_callbacks_new(&callbacks) == 0, nghttp2_option_new(&options) == 0 else {
      nghttp2_session_callbacks_del(callbacks)
      throw HTTP2Error(nghttp2: NGHTTP2_ERR_NOMEM.rawValue)
    }
    defer {
      nghttp2_session_callbacks_del(callbacks)
      nghttp2_option_del(options)
    }
    // Windows are given back by the reader, and closed streams are not kept for priorities.
    nghttp2_option_set_no_auto_window_update(options, 1)
    nghttp2_option_set_no_closed_streams(options, 1)
    // Its own rate would end a busy client that cancels 34 of a thousand calls a second;
    // `PeerConduct` counts resets against the streams that end well.
    nghttp2_option_set_stream_reset_rate_limit(options, UInt64.max, UInt64.max)
    Self.setReceiving(callbacks)
    Self.setSending(callbacks)
    var session: OpaquePointer?
    let result = make(&session, callbacks, nil, options)
    guard result == 0, let session else { throw HTTP2Error(nghttp2: result) }
    return session
  }

  private static func setReceiving(_ callbacks: OpaquePointer?) {
    nghttp2_session_callbacks_set_on_begin_headers_callback(callbacks) { _, frame, owner in
      if let frame { withMachine(owner) { $0.headersBegan(frame.pointee) } }
      return 0
    }
    nghttp2_session_callbacks_set_on_header_callback(callbacks) {
      _, _, name, nameCount, value, valueCount, _, owner in
      var goesOn = true
      withMachine(owner) {
        goesOn = $0.fieldReceived(
          UnsafeBufferPointer(start: name, count: nameCount),
          UnsafeBufferPointer(start: value, count: valueCount))
      }
      // The rest of the block is then decoded for its table only, and the stream reset.
      return goesOn ? 0 : NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE.rawValue
    }
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks) {
      _, _, id, bytes, count, owner in
      withMachine(owner) { machine in
        if let stream = machine.stream(id) {
          machine.dataReceived(stream, UnsafeRawBufferPointer(start: bytes, count: count))
        } else {
          machine.consumeConnection(count)
        }
      }
      return 0
    }
    nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks) { _, frame, owner in
      if let frame { withMachine(owner) { $0.received(frame.pointee) } }
      return 0
    }
    nghttp2_session_callbacks_set_on_stream_close_callback(callbacks) { _, id, code, owner in
      withMachine(owner) { machine in
        if let stream = machine.stream(id) { machine.close(stream, HTTP2ErrorCode(rawValue: code)) }
      }
      return 0
    }
  }

  private static func setSending(_ callbacks: OpaquePointer?) {
    // Not when it has been sent: libnghttp2 tells of that only when it is asked for the next frame.
    nghttp2_session_callbacks_set_before_frame_send_callback(callbacks) { _, frame, owner in
      if let frame, frame.pointee.isRequest {
        withMachine(owner) { $0.stream(frame.pointee.hd.stream_id)?.hasLeft = true }
      }
      return 0
    }
    nghttp2_session_callbacks_set_on_frame_send_callback(callbacks) { _, frame, owner in
      if let frame { withMachine(owner) { $0.sent(frame.pointee) } }
      return 0
    }
    nghttp2_session_callbacks_set_on_frame_not_send_callback(callbacks) { _, frame, _, owner in
      if let frame, frame.pointee.isRequest {
        withMachine(owner) { $0.requestUnsent(frame.pointee.hd.stream_id) }
      }
      return 0
    }
  }

  private func sent(_ frame: nghttp2_frame) {
    switch UInt32(frame.hd.type) {
    case NGHTTP2_HEADERS.rawValue, NGHTTP2_DATA.rawValue:
      self.hasSentSincePing = true
      if frame.endsStream { self.endSent(frame.hd.stream_id) }
    case NGHTTP2_RST_STREAM.rawValue:
      self.resetSent(HTTP2ErrorCode(rawValue: frame.rst_stream.error_code))
    case NGHTTP2_GOAWAY.rawValue:
      // Not one of a drain that was still waiting to leave: those give no reason.
      if self.abuse != nil && frame.goaway.opaque_data_len > 0 { self.hasToldWhy = true }
    default: break
    }
  }

  private func received(_ frame: nghttp2_frame) {
    let isAck = frame.hd.flags & UInt8(NGHTTP2_FLAG_ACK.rawValue) != 0
    switch UInt32(frame.hd.type) {
    case NGHTTP2_HEADERS.rawValue: self.headersEnded(frame)
    case NGHTTP2_DATA.rawValue:
      guard frame.endsStream else { return }
      if let stream = self.stream(frame.hd.stream_id) { self.streamEnded(stream) }
    case NGHTTP2_RST_STREAM.rawValue: self.resetReceived(frame.hd.stream_id)
    case NGHTTP2_PING.rawValue:
      if isAck { self.pingAcknowledged() } else { self.pingReceived() }
    case NGHTTP2_SETTINGS.rawValue where !isAck: self.settingsReceived()
    case NGHTTP2_GOAWAY.rawValue:
      self.goAwayReceived(
        lastStream: frame.goaway.last_stream_id,
        HTTP2ErrorCode(rawValue: frame.goaway.error_code), reason: frame.goAwayReason)
    default: break
    }
  }
}

extension nghttp2_frame {
  /// Whether the frame opens a request's stream.
  var isRequest: Bool {
    self.hd.type == UInt8(NGHTTP2_HEADERS.rawValue) && self.headers.cat == NGHTTP2_HCAT_REQUEST
  }

  /// How many bytes of a GOAWAY's reason are read.
  private static let reasonBytesMax = 128

  /// What a GOAWAY says for people, beside its code.
  var goAwayReason: String {
    let bytes = UnsafeBufferPointer(
      start: self.goaway.opaque_data,
      count: min(self.goaway.opaque_data_len, Self.reasonBytesMax))
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Whether the frame is its sender's last on the stream.
  var endsStream: Bool { self.hd.flags & UInt8(NGHTTP2_FLAG_END_STREAM.rawValue) != 0 }
}
