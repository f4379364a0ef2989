import HTTP2
import Testing

@Suite struct SessionTests {
  @Test func `a request and its answer with trailers cross two sessions`() throws {
    let pair = try SessionPair()
    pair.onRequest = { stream in
      pair.server.respond(stream, SessionPair.response)
      pair.server.write([1, 2, 3], on: stream)
      pair.server.finish(stream, trailers: HeaderList(["grpc-status": "0"]))
    }
    let stream = try pair.client.request(SessionPair.request)
    pair.client.write([9, 9], on: stream)
    pair.client.finish(stream)
    try pair.settle()
    #expect(pair.serverEvents == ["request /a/b", "ended", "closed 0"])
    #expect(pair.clientEvents == ["response 200", "trailers 0", "closed 0"])
    #expect(pair.serverBody == [9, 9])
    #expect(pair.clientBody == [1, 2, 3])
    #expect(pair.client.openStreams == 0)
    #expect(pair.server.openStreams == 0)
  }

  @Test func `an answer of header fields only is the last word`() throws {
    let pair = try SessionPair()
    pair.onRequest = { pair.server.respondOnly($0, SessionPair.response) }
    let stream = try pair.client.request(SessionPair.request)
    pair.client.finish(stream)
    try pair.settle()
    #expect(pair.clientEvents == ["response 200 last", "closed 0"])
  }

  @Test func `a server that answers early asks for no more of the request`() throws {
    let pair = try SessionPair()
    pair.onRequest = { pair.server.respondOnly($0, SessionPair.response) }
    let stream = try pair.client.request(SessionPair.request)
    pair.client.write([UInt8](repeating: 0, count: 10), on: stream)
    try pair.settle()
    #expect(pair.clientEvents == ["response 200 last", "closed 0"])
    #expect(pair.server.openStreams == 0)
  }

  @Test func `bytes written later wake a stream that had nothing to send`() throws {
    let pair = try SessionPair()
    pair.onRequest = { pair.server.respond($0, SessionPair.response) }
    let stream = try pair.client.request(SessionPair.request)
    try pair.settle()
    #expect(pair.clientEvents == ["response 200"])
    pair.server.write([5], on: pair.served[0])
    pair.client.write([6], on: stream)
    try pair.settle()
    #expect(pair.clientBody == [5])
    #expect(pair.serverBody == [6])
  }

  @Test func `a sender stops at the window and goes on when it is given back`() throws {
    let pair = try SessionPair(HTTP2Limits(streamWindowBytes: 70_000))
    pair.consumes = false
    let stream = try pair.client.request(SessionPair.request)
    try pair.settle()
    pair.client.write([UInt8](repeating: 7, count: 200_000), on: stream)
    stream.notifyBelowBytes = 100_000
    try pair.settle()
    #expect(pair.serverBody.count == 70_000)
    #expect(stream.outboundBytes == 130_000)
    #expect(!pair.clientEvents.contains("sank"))
    pair.server.consumeConnection(70_000)
    pair.server.consume(70_000, on: pair.served[0])
    try pair.settle()
    #expect(pair.serverBody.count == 140_000)
    #expect(pair.clientEvents == ["sank"])
  }

  @Test func `one stalled stream does not stall another`() throws {
    let pair = try SessionPair(HTTP2Limits(streamWindowBytes: 70_000))
    pair.consumes = false
    let stalled = try pair.client.request(SessionPair.request)
    let other = try pair.client.request(SessionPair.request)
    try pair.settle()
    pair.client.write([UInt8](repeating: 1, count: 200_000), on: stalled)
    try pair.settle()
    pair.client.write([UInt8](repeating: 2, count: 60_000), on: other)
    try pair.settle()
    #expect(pair.serverBody.count { $0 == 2 } == 60_000)
  }

  @Test func `a reset reaches the other side with its code`() throws {
    let pair = try SessionPair()
    let stream = try pair.client.request(SessionPair.request)
    try pair.settle()
    pair.client.reset(stream, .cancel)
    try pair.settle()
    #expect(pair.serverEvents == ["request /a/b", "closed 8"])
  }

  @Test func `streams over the limit wait in the client until one has ended`() throws {
    let pair = try SessionPair(HTTP2Limits(concurrentStreamsMax: 2))
    try pair.settle()
    for _ in 0..<3 { pair.client.finish(try pair.client.request(SessionPair.request)) }
    try pair.settle()
    #expect(pair.served.count == 2)
    pair.server.respondOnly(pair.served[0], SessionPair.response)
    try pair.settle()
    #expect(pair.served.count == 3)
  }

  @Test func `a header list over the limit is cut and says so`() throws {
    let pair = try SessionPair(HTTP2Limits(headerListBytesMax: 1_000))
    var fields = SessionPair.request
    fields.append("long", String(repeating: "x", count: 1_000))
    _ = try pair.client.request(fields)
    try pair.settle()
    #expect(pair.serverEvents == ["request /a/b truncated"])
  }

  @Test func `bytes that are no HTTP2 end the session`() throws {
    let server = try ServerSession()
    let error = #expect(throws: HTTP2Error.self) {
      try Array("GET / HTTP/1.1\r\n\r\n".utf8).withUnsafeBytes { try server.receive($0) }
    }
    #expect(error?.description.isEmpty == false)
  }

  @Test func `a header list counts as RFC 9113 says`() {
    let fields = HeaderList(["ab": "cde", "f": ""])
    #expect(fields.listBytes == 2 + 3 + 32 + 1 + 32)
    #expect(fields.count == 2)
    #expect(fields["ab"] == "cde")
    #expect(fields["f"] == "")
    #expect(fields["c"] == nil)
  }
}
