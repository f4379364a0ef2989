import HTTP2

/// A client's and a server's session joined without a socket, with what each of them reported.
final class SessionPair {
  let client: ClientSession
  let server: ServerSession
  var clientEvents: [String] = []
  var serverEvents: [String] = []
  /// What the server's GOAWAYs say for people.
  var clientReasons: [String] = []
  /// The streams that the server has been asked on, in order.
  var served: [HTTP2Stream] = []
  /// What the server does with a request.
  var onRequest: (HTTP2Stream) -> Void = { _ in }
  /// Whether body bytes are given back as they come.
  var consumes = true
  var serverBody: [UInt8] = []
  var clientBody: [UInt8] = []

  init(_ limits: HTTP2Limits = HTTP2Limits()) throws {
    self.client = try ClientSession()
    self.server = try ServerSession(limits: limits)
    self.client.onEvent = { [unowned self] in self.hear($0) }
    self.server.onEvent = { [unowned self] in self.hear($0) }
  }

  static let request = HeaderList([
    ":method": "POST", ":scheme": "http", ":path": "/a/b", ":authority": "x", "k": "v",
  ])
  static let response = HeaderList([":status": "200"])

  /// Carries bytes between the two until neither has anything to say.
  func settle() throws {
    var isBusy = true
    while isBusy {
      let up = try Self.carry(from: self.client, to: self.server)
      let down = try Self.carry(from: self.server, to: self.client)
      isBusy = up + down > 0
    }
  }

  static func carry(from: HTTP2Session, to: HTTP2Session) throws -> Int {
    var bytes: [UInt8] = []
    while try from.output(upTo: 1 << 20, { bytes += $0 }) {}
    try bytes.withUnsafeBytes { try to.receive($0) }
    return bytes.count
  }

  private func hear(_ event: ServerEvent) {
    switch event {
    case .request(let stream, let fields, let isLast):
      self.serverEvents.append(
        "request \(fields[":path"] ?? "?")\(isLast ? " last" : "")"
          + (fields.isTruncated ? " truncated" : ""))
      self.served.append(stream)
      self.onRequest(stream)
    case .data(let stream, let bytes):
      self.serverBody += bytes
      guard self.consumes else { return }
      self.server.consumeConnection(bytes.count)
      self.server.consume(bytes.count, on: stream)
    case .ended: self.serverEvents.append("ended")
    case .sank: self.serverEvents.append("sank")
    case .closed(_, let code): self.serverEvents.append("closed \(code.rawValue)")
    case .settings: break
    case .pingAcknowledged: self.serverEvents.append("pong")
    case .pinged: break
    }
  }

  private func hear(_ event: ClientEvent) {
    switch event {
    case .response(_, let fields, let isLast):
      self.clientEvents.append("response \(fields[":status"] ?? "?")\(isLast ? " last" : "")")
    case .data(let stream, let bytes):
      self.clientBody += bytes
      guard self.consumes else { return }
      self.client.consumeConnection(bytes.count)
      self.client.consume(bytes.count, on: stream)
    case .trailers(_, let fields):
      self.clientEvents.append("trailers \(fields["grpc-status"] ?? "?")")
    case .ended: self.clientEvents.append("ended")
    case .sank: self.clientEvents.append("sank")
    case .closed(_, let code): self.clientEvents.append("closed \(code.rawValue)")
    case .goAway(let last, _, let reason):
      self.clientEvents.append("goAway \(last)")
      self.clientReasons.append(reason)
    case .settings: break
    case .pingAcknowledged: self.clientEvents.append("pong")
    }
  }
}

extension HTTP2Session {
  func write(_ text: [UInt8], on stream: HTTP2Stream) {
    text.withUnsafeBytes { self.write($0, on: stream) }
  }
}
