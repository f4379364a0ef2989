import Testing

@testable import HTTP2

/// One way to flood a server: what comes first, and what comes again and again.
struct Flood: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let abuse: HTTP2Abuse
  let begin: [UInt8]
  let again: @Sendable (Int) -> [UInt8]

  /// `again` gets 0, 1, 2…
  init(
    _ name: String, _ abuse: HTTP2Abuse, begin: [UInt8] = [],
    again: @escaping @Sendable (Int) -> [UInt8]
  ) {
    self.testDescription = name
    self.abuse = abuse
    self.begin = begin
    self.again = again
  }

  static let closedStream =
    Frames.request(1, isLast: true) + Frames.frame(Frames.reset, on: 1, Frames.number(8))

  static let controlFrames = [
    Self("PING", .controlFrames) { _ in Frames.frame(Frames.ping, [UInt8](repeating: 0, count: 8))
    },
    Self("answers to pings that nobody sent", .controlFrames) { _ in
      Frames.frame(Frames.ping, flags: Frames.ack, [UInt8](repeating: 0, count: 8))
    },
    Self("SETTINGS", .controlFrames) { _ in Frames.frame(Frames.settings) },
    Self("PRIORITY", .controlFrames) { number in
      Frames.frame(Frames.priority, on: 2 * number + 1, Frames.number(0) + [16])
    },
    Self("WINDOW_UPDATE of the connection", .controlFrames) { _ in
      Frames.frame(Frames.windowUpdate, Frames.number(1))
    },
    Self("WINDOW_UPDATE of a stream", .controlFrames, begin: Frames.request(1)) { _ in
      Frames.frame(Frames.windowUpdate, on: 1, Frames.number(1))
    },
    Self("empty DATA", .controlFrames, begin: Frames.request(1)) { _ in
      Frames.frame(Frames.data, on: 1)
    },
    Self("DATA of padding only", .controlFrames, begin: Frames.request(1)) { _ in
      Frames.frame(Frames.data, flags: Frames.padded, on: 1, [3, 0, 0, 0])
    },
    Self("frames of an unknown type", .controlFrames) { _ in
      Frames.frame(Frames.unknown, [1, 2, 3])
    },
    Self("RST_STREAM on a stream long closed", .controlFrames, begin: Self.closedStream) { _ in
      Frames.frame(Frames.reset, on: 1, Frames.number(8))
    },
  ]

  static let resets = [
    Self("rapid reset", .cancels) { number in
      Frames.request(2 * number + 1)
        + Frames.frame(Frames.reset, on: 2 * number + 1, Frames.number(8))
    },
    Self("rapid reset that says NO_ERROR", .cancels) { number in
      Frames.request(2 * number + 1)
        + Frames.frame(Frames.reset, on: 2 * number + 1, Frames.number(0))
    },
    Self("made you reset: a window that overflows", .resets) { number in
      Frames.request(2 * number + 1)
        + Frames.frame(Frames.windowUpdate, on: 2 * number + 1, Frames.number(0x7FFF_FFFF))
    },
    Self("made you reset: a body longer than content-length", .resets) { number in
      let length = Frames.literal("content-length", "1")
      return Frames.frame(
        Frames.headers, flags: Frames.endHeaders, on: 2 * number + 1, Frames.post + length)
        + Frames.frame(Frames.data, on: 2 * number + 1, [1, 2])
    },
    Self("made you reset: fields that HTTP/2 forbids", .resets) { number in
      Frames.frame(
        Frames.headers, flags: Frames.endHeaders | Frames.endStream, on: 2 * number + 1,
        Frames.post + Frames.literal("connection", "close"))
    },
    Self("made you reset: trailers that do not end the stream", .resets) { number in
      Frames.request(2 * number + 1)
        + Frames.frame(Frames.headers, flags: Frames.endHeaders, on: 2 * number + 1)
    },
    Self("header lists over their limit", .resets) { number in
      // 0xA0 is an empty cookie in HPACK's static table.
      let cookies = [UInt8](repeating: 0xA0, count: 200)
      return Frames.frame(
        Frames.headers, flags: Frames.endHeaders | Frames.endStream, on: 2 * number + 1,
        Frames.post + cookies)
    },
  ]
}

/// What libnghttp2 does not bound by itself, with bytes in and bytes out.
@Suite struct AbuseTests {
  /// No flood takes more rounds than this to be ended.
  private static let roundsMax = 2_100

  @Test(arguments: Flood.controlFrames + Flood.resets)
  func `a flood ends its connection within a bound`(_ flood: Flood) throws {
    let server = try Stranger()
    try server.send(Frames.hello + flood.begin)
    var rounds = 0
    while !server.session.isTerminated && rounds < Self.roundsMax {
      try server.send(flood.again(rounds))
      rounds += 1
    }
    #expect(server.session.abuse == flood.abuse)
    #expect(rounds < Self.roundsMax)
    // GOAWAY, ENHANCE_YOUR_CALM, is the last that is sent; then the connection is over.
    #expect(server.sent.suffix(17).prefix(5) == [0, 0, 8, 7, 0])
    #expect(server.sent.suffix(4) == [0, 0, 0, 11])
    #expect(server.session.isOver)
  }

  @Test(arguments: Flood.controlFrames + Flood.resets)
  func `no flood grows what waits for a client that reads nothing`(_ flood: Flood) throws {
    let server = try Stranger(reads: false)
    try server.send(Frames.hello + flood.begin)
    for round in 0..<20_000 where !server.session.isTerminated {
      try server.send(flood.again(round))
    }
    #expect(server.session.isTerminated)
    #expect(server.session.openStreams <= 128)
  }

  @Test func `a header block that decodes to too much ends its connection unread`() throws {
    // 4,000 bytes enter the table once; each byte 0xBE after that stands for them.
    let entry: [UInt8] = [0x40, 1, 0x78, 0x7F, 0xA1, 0x1E] + [UInt8](repeating: 0x61, count: 4_000)
    let bomb = Frames.post + entry + [UInt8](repeating: 0xBE, count: 8_000)
    let server = try Stranger()
    try server.send(Frames.hello)
    let flags = Frames.endHeaders | Frames.endStream
    try server.send(Frames.frame(Frames.headers, flags: flags, on: 1, bomb))
    #expect(server.session.abuse == .headerBlock)
    #expect(server.requests == 0)
    #expect(server.sent.suffix(4) == [0, 0, 0, 11])
  }

  @Test func `a header block of too many frames ends its connection with a GOAWAY`() throws {
    // CVE-2024-27316: a block that never ends.
    let server = try Stranger()
    try server.send(Frames.hello + Frames.frame(Frames.headers, on: 1, Frames.post))
    let error = #expect(throws: HTTP2Error.self) {
      for _ in 0..<100 { try server.send(Frames.frame(Frames.continuation, on: 1)) }
    }
    #expect(error != nil)
    #expect(server.session.abuse == .headerBlock)
    try server.flush()
    #expect(server.sent.suffix(4) == [0, 0, 0, 11])
  }

  @Test func `a header list of too many fields is cut and says so`() throws {
    var limits = HTTP2Limits()
    limits.headerFieldsMax = 10
    let pair = try SessionPair(limits)
    var fields = SessionPair.request
    for number in 0..<6 { fields.append("n\(number)", "v") }
    _ = try pair.client.request(fields)
    try pair.settle()
    #expect(pair.serverEvents == ["request /a/b truncated"])
  }

  @Test func `frames split at every byte cost what whole ones do`() throws {
    var bytes = Frames.hello + Frames.request(1)
    bytes += Frames.frame(Frames.data, flags: Frames.padded, on: 1, [3, 0, 0, 0])
    bytes += Frames.frame(Frames.data, flags: Frames.padded, on: 1, [2, 9, 0, 0])
    bytes += Frames.frame(Frames.data, on: 1) + Frames.frame(Frames.unknown, [1])
    var whole = FrameMeter()
    let cost = bytes.withUnsafeBytes { whole.cost(of: $0) }
    #expect(cost == FrameMeter.settingsCost + 1 + 1 + 0 + 1 + 1)
    for cut in 0...bytes.count {
      var meter = FrameMeter()
      let first = bytes[..<cut].withUnsafeBytes { meter.cost(of: $0) }
      let second = bytes[cut...].withUnsafeBytes { meter.cost(of: $0) }
      #expect(first + second == cost, "cut at \(cut)")
      #expect(meter.frameUnderWay == nil)
    }
  }

  @Test(arguments: [
    Frames.request(1, isLast: true), Frames.frame(Frames.data, on: 1, [1]),
    Frames.frame(Frames.data, flags: Frames.endStream, on: 1),
  ])
  func `a stream that its peer has reset takes nothing more`(_ frame: [UInt8]) throws {
    // RFC 9113, 5.1; libnghttp2 forgets such a stream and would ignore the frame.
    let server = try Stranger()
    try server.send(Frames.hello + Flood.closedStream)
    #expect(!server.session.isTerminated)
    try server.send(frame)
    #expect(server.sent.suffix(4) == [0, 0, 0, 5])
    #expect(server.session.isOver)
  }

  @Test func `frames that may come late on an ended stream are let be`() throws {
    let server = try Stranger()
    try server.send(Frames.hello + Frames.request(1, isLast: true))
    let late = Frames.frame(Frames.windowUpdate, on: 1, Frames.number(1))
    try server.send(late + Frames.frame(Frames.reset, on: 1, Frames.number(8)))
    try server.send(Frames.frame(Frames.priority, on: 1, Frames.number(0) + [16]))
    // As many streams later, another one has the first one's place.
    for number in 1...128 { try server.send(Frames.request(2 * number + 1, isLast: true)) }
    #expect(server.requests == 129)
    #expect(!server.session.isTerminated)
  }

  @Test func `a frame under way is known until it has ended`() throws {
    let server = try Stranger()
    try server.send(Frames.hello)
    #expect(server.session.frameUnderWay == nil)
    let half = Frames.frame(Frames.headers, on: 1, Frames.post)
    try server.send(Array(half.prefix(4)))
    #expect(server.session.frameUnderWay != nil)
    try server.send(Array(half.dropFirst(4)))
    // The block goes on in a CONTINUATION that has not begun.
    let block = server.session.frameUnderWay
    #expect(block != nil)
    try server.send(Frames.frame(Frames.continuation, flags: Frames.endHeaders, on: 1))
    #expect(server.session.frameUnderWay == nil)
  }
}

/// A server's session that hears bytes from nobody it knows, and answers every request.
final class Stranger {
  let session: ServerSession
  private(set) var sent: [UInt8] = []
  private(set) var requests = 0
  private let reads: Bool

  init(_ limits: HTTP2Limits = HTTP2Limits(), reads: Bool = true) throws {
    self.session = try ServerSession(limits: limits)
    self.reads = reads
    self.session.onEvent = { [unowned self] in self.hear($0) }
  }

  func send(_ bytes: [UInt8]) throws {
    try bytes.withUnsafeBytes { try self.session.receive($0) }
    if self.reads { try self.flush() }
  }

  func flush() throws {
    while try self.session.output(upTo: 1 << 20, { self.sent += $0 }) {}
  }

  private func hear(_ event: ServerEvent) {
    switch event {
    case .request(let stream, _, let isLast):
      self.requests += 1
      if isLast { self.session.respondOnly(stream, SessionPair.response) }
    case .data(let stream, let bytes):
      self.session.consumeConnection(bytes.count)
      self.session.consume(bytes.count, on: stream)
    case .ended(let stream): self.session.respondOnly(stream, SessionPair.response)
    case .sank, .closed, .settings, .pingAcknowledged, .pinged: break
    }
  }
}
