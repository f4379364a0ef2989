import HTTP2

// Frames, as both sides read them.
extension FuzzTarget {
  /// A client's bytes. The first byte of the input says how they are cut; the preface and empty
  /// settings go ahead of them, because few mutations would leave those whole.
  static let server = FuzzTarget(name: "server") { input in
    let peer = try ServerPeer()
    try peer.receive(ServerPeer.hello)
    for piece in Self.pieces(input) { try peer.receive(piece) }
  }

  /// A server's bytes, to a client that has two requests open.
  static let client = FuzzTarget(name: "client") { input in
    let peer = try ClientPeer()
    for piece in Self.pieces(input) { try peer.receive(piece) }
  }

  /// The input without its first byte, in pieces as long as that byte says.
  static func pieces(_ input: [UInt8]) -> [ArraySlice<UInt8>] {
    guard let first = input.first else { return [] }
    let length = first == 0 ? max(input.count, 1) : Int(first)
    return stride(from: 1, to: input.count, by: length).map {
      input[$0..<min($0 + length, input.count)]
    }
  }
}

/// A server that answers every request, and checks itself after each piece.
private final class ServerPeer {
  static let hello =
    Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)[...] + [0, 0, 0, 4, 0, 0, 0, 0, 0]
  private static let answer = HeaderList([":status": "200"])
  private static let trailers = HeaderList(["grpc-status": "0"])

  private let session: ServerSession
  private var isBroken = false

  init() throws {
    self.session = try ServerSession()
    self.session.onEvent = { [unowned self] in self.hear($0) }
  }

  func receive(_ bytes: ArraySlice<UInt8>) throws {
    guard !self.isBroken else { return }
    // Bytes that are no HTTP/2 end the session; that is no failure.
    self.isBroken = (try? bytes.withUnsafeBytes { try self.session.receive($0) }) == nil
    self.session.drain()
    let limits = HTTP2Limits()
    let open = self.session.openStreams
    try FuzzFailure.unless(open <= limits.concurrentStreamsMax, "\(open) streams are open")
    let waiting = self.session.openStreamList.reduce(0) { $0 + $1.outboundBytes }
    try FuzzFailure.unless(
      waiting == self.session.outboundBytes,
      "\(waiting) bytes wait, \(self.session.outboundBytes) are counted")
    self.session.secondPassed()
  }

  private func hear(_ event: ServerEvent) {
    switch event {
    case .request(let stream, let fields, let isLast):
      // One in two is answered in parts, the others at once.
      if isLast || fields.count % 2 == 0 {
        self.session.respondOnly(stream, Self.answer)
      } else {
        self.session.respond(stream, Self.answer)
      }
    case .data(let stream, let bytes):
      self.session.consumeConnection(bytes.count)
      self.session.consume(bytes.count, on: stream)
      if !stream.isOutboundFinished { self.session.write(bytes, on: stream) }
    case .ended(let stream):
      if !stream.isOutboundFinished { self.session.finish(stream, trailers: Self.trailers) }
    default: break
    }
  }
}

/// A client with two requests, one of them whole.
private final class ClientPeer {
  private let session: ClientSession
  private var isBroken = false

  init() throws {
    self.session = try ClientSession()
    let fields = HeaderList([
      ":method": "POST", ":scheme": "http", ":path": "/a/b", ":authority": "x",
    ])
    self.session.finish(try self.session.request(fields))
    let stream = try self.session.request(fields)
    [UInt8](repeating: 1, count: 100_000).withUnsafeBytes { self.session.write($0, on: stream) }
    self.session.onEvent = { [unowned self] in
      guard case .data(let stream, let bytes) = $0 else { return }
      self.session.consumeConnection(bytes.count)
      self.session.consume(bytes.count, on: stream)
    }
    self.session.drain()
  }

  func receive(_ bytes: ArraySlice<UInt8>) throws {
    guard !self.isBroken else { return }
    // Bytes that are no HTTP/2 end the session; that is no failure.
    self.isBroken = (try? bytes.withUnsafeBytes { try self.session.receive($0) }) == nil
    self.session.drain()
    try FuzzFailure.unless(self.session.openStreams <= 2, "a server has opened a stream")
  }
}

extension HTTP2Session {
  /// Throws away what is to be sent; what cannot be sent any more is no failure.
  fileprivate func drain() {
    while (try? self.output(upTo: 1 << 20, { _ in })) == true {}
  }
}
