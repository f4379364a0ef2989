import HTTP2
import Testing

/// What real clients do all day, and what is therefore no abuse.
@Suite struct ForgivenessTests {
  @Test func `a ping a second for a day is no flood`() throws {
    let server = try Stranger()
    try server.send(Frames.hello)
    let ping = Frames.frame(Frames.ping, [UInt8](repeating: 0, count: 8))
    for _ in 0..<86_400 {
      try server.send(ping)
      server.session.secondPassed()
    }
    #expect(server.session.abuse == nil)
  }

  @Test func `time alone does not pay for a flood`() throws {
    let server = try Stranger()
    try server.send(Frames.hello)
    let ping = Frames.frame(Frames.ping, [UInt8](repeating: 0, count: 8))
    for _ in 0..<100 where !server.session.isTerminated {
      for _ in 0..<200 { try server.send(ping) }
      server.session.secondPassed()
    }
    #expect(server.session.abuse == .controlFrames)
  }

  @Test func `a client that cancels every second call may go on for ever`() throws {
    let server = try Stranger()
    try server.send(Frames.hello)
    for number in 0..<10_000 {
      let id = 4 * number + 1
      try server.send(Frames.request(id, isLast: true))
      try server.send(Frames.request(id + 2))
      try server.send(Frames.frame(Frames.reset, on: id + 2, Frames.number(8)))
    }
    #expect(server.session.abuse == nil)
    #expect(server.requests == 20_000)
  }

  @Test func `a client that gives back every frame of a long answer at once is no flood`() throws {
    let pair = try SessionPair()
    pair.onRequest = { pair.server.respond($0, SessionPair.response) }
    pair.client.finish(try pair.client.request(SessionPair.request))
    try pair.settle()
    let stream = try #require(pair.served.first)
    for _ in 0..<5_000 {
      pair.server.write([1, 2, 3], on: stream)
      try pair.settle()
      // Two window updates for each frame that came, as the most eager client sends them.
      for id in [0, 1] {
        let update = Frames.frame(Frames.windowUpdate, on: id, Frames.number(3))
        try update.withUnsafeBytes { try pair.server.receive($0) }
      }
    }
    #expect(pair.server.abuse == nil)
    #expect(pair.clientBody.count == 15_000)
  }

  @Test func `what waits to be sent is counted over all streams`() throws {
    let pair = try SessionPair()
    pair.consumes = false
    pair.onRequest = { pair.server.respond($0, SessionPair.response) }
    for _ in 0..<2 { pair.client.finish(try pair.client.request(SessionPair.request)) }
    try pair.settle()
    for stream in pair.served {
      pair.server.write([UInt8](repeating: 1, count: 1_000_000), on: stream)
    }
    #expect(pair.server.outboundBytes == 2_000_000)
    try pair.settle()
    #expect(pair.server.outboundBytes == 2_000_000 - pair.clientBody.count)
    let first = try #require(pair.served.first)
    pair.server.cutShort(first, trailers: HeaderList(["grpc-status": "14"]))
    #expect(pair.server.outboundBytes == pair.served[1].outboundBytes)
    pair.server.reset(pair.served[1], .cancel)
    try pair.settle()
    #expect(pair.server.outboundBytes == 0)
  }
}
