import HTTP2
import Testing

@Suite struct EndingTests {
  @Test func `a drain lets calls in flight end and takes no later one`() throws {
    let pair = try SessionPair()
    _ = try pair.client.request(SessionPair.request)
    try pair.settle()
    pair.server.announceShutdown()
    _ = try SessionPair.carry(from: pair.server, to: pair.client)
    #expect(pair.clientEvents == ["goAway \(Int32.max)"])
    _ = try SessionPair.carry(from: pair.client, to: pair.server)
    #expect(pair.serverEvents.last == "pong")
    pair.server.finalGoAway()
    try pair.settle()
    #expect(pair.clientEvents.last == "goAway 1")
    #expect(!pair.server.isOver)
    pair.server.respondOnly(pair.served[0], SessionPair.response)
    try pair.settle()
    #expect(pair.clientEvents.contains("response 200 last"))
    #expect(pair.server.isOver)
  }

  @Test func `a request sent before the client read the first GOAWAY is still served`() throws {
    let pair = try SessionPair()
    try pair.settle()
    pair.server.announceShutdown()
    pair.client.finish(try pair.client.request(SessionPair.request))
    _ = try SessionPair.carry(from: pair.client, to: pair.server)
    #expect(pair.serverEvents == ["request /a/b", "ended"])
    try pair.settle()
    pair.server.finalGoAway()
    pair.server.respondOnly(pair.served[0], SessionPair.response)
    try pair.settle()
    #expect(pair.clientEvents.contains("response 200 last"))
  }

  @Test func `a request above the last stream is ignored, and refused in the client`() throws {
    let pair = try SessionPair()
    try pair.settle()
    pair.server.finalGoAway()
    var goAway: [UInt8] = []
    while try pair.server.output(upTo: 1_000, { goAway += $0 }) {}
    _ = try pair.client.request(SessionPair.request)
    _ = try SessionPair.carry(from: pair.client, to: pair.server)
    try goAway.withUnsafeBytes { try pair.client.receive($0) }
    try pair.settle()
    #expect(pair.clientEvents == ["goAway 0", "closed 7"])
    #expect(pair.serverEvents.isEmpty)
  }

  @Test func `a request opened after GOAWAY never leaves and is refused`() throws {
    let pair = try SessionPair()
    try pair.settle()
    pair.server.announceShutdown()
    try pair.settle()
    _ = try pair.client.request(SessionPair.request)
    try pair.settle()
    #expect(pair.clientEvents.last == "closed 7")
    #expect(!pair.serverEvents.contains("request /a/b"))
  }

  @Test func `a peer that makes us reset stream after stream is sent away`() throws {
    // CVE-2025-8671: a window update that overflows the window makes the receiver reset the stream.
    let pair = try SessionPair(HTTP2Limits(resetsMax: 50))
    try pair.settle()
    var opened = 0
    while !pair.server.isOver && opened < 1_000 {
      let stream = try pair.client.request(SessionPair.request)
      _ = try SessionPair.carry(from: pair.client, to: pair.server)
      opened += 1
      try Self.overflow(stream.id).withUnsafeBytes { try pair.server.receive($0) }
      _ = try SessionPair.carry(from: pair.server, to: pair.client)
    }
    #expect(opened == 51)
    #expect(pair.clientEvents.contains { $0.hasPrefix("goAway") })
  }

  @Test func `a peer that the owner ends is told why by the last GOAWAY, and not read again`()
    throws
  {
    let pair = try SessionPair()
    _ = try pair.client.request(SessionPair.request)
    try pair.settle()
    // A drain that had begun before says GOAWAY too, first and without a reason.
    pair.server.announceShutdown()
    pair.server.end(for: .pings, reason: "too_many_pings")
    pair.server.end(for: .cancels, reason: "no second reason")
    #expect(!pair.server.isOver)
    let stream = try pair.client.request(SessionPair.request)
    try pair.settle()
    #expect(pair.clientReasons == ["", "too_many_pings"])
    #expect(pair.server.isOver)
    #expect(pair.server.abuse == .pings)
    #expect(pair.serverEvents == ["request /a/b"])
    #expect(stream.id == 3)
  }

  @Test func `streams that end well earn back what a mistake cost`() throws {
    let pair = try SessionPair(HTTP2Limits(resetsMax: 2))
    pair.onRequest = { stream in
      if stream.id % 4 == 1 {
        pair.server.respondOnly(stream, SessionPair.response)
      } else {
        pair.server.reset(stream, .internalError)
      }
    }
    for _ in 0..<100 {
      pair.client.finish(try pair.client.request(SessionPair.request))
      try pair.settle()
    }
    #expect(pair.served.count == 100)
    #expect(!pair.server.isOver)
  }

  /// A WINDOW_UPDATE of 2^31 - 1.
  private static func overflow(_ stream: Int32) -> [UInt8] {
    let id = (0..<4).map { UInt8(truncatingIfNeeded: stream >> (24 - 8 * $0)) }
    return [0, 0, 4, 8, 0] + id + [0x7F, 0xFF, 0xFF, 0xFF]
  }

  @Test func `a body that the peer does not take is cut short for the trailers`() throws {
    let pair = try SessionPair()
    pair.consumes = false
    pair.onRequest = { pair.server.respond($0, SessionPair.response) }
    let stream = try pair.client.request(SessionPair.request)
    pair.client.finish(stream)
    try pair.settle()
    let served = try #require(pair.served.first)
    pair.server.write([UInt8](repeating: 1, count: 1_000_000), on: served)
    try pair.settle()
    #expect(pair.clientBody.count < 1_000_000)
    pair.server.cutShort(served, trailers: HeaderList(["grpc-status": "14"]))
    pair.server.finalGoAway()
    try pair.settle()
    #expect(pair.clientEvents.contains("trailers 14"))
    #expect(pair.server.isOver)
    #expect(served.sentBytes == pair.clientBody.count)
  }
}
