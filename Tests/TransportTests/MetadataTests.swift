import DomainModel
import HTTP2
import RPC
import TestSupport
import Testing
import Transport

/// The two ways of a call to its handler.
enum Way: Sendable, CaseIterable {
  case loopback
  case inProcess

  func run(
    _ service: EchoService, _ body: (any RPCChannel) async throws -> Void
  ) async throws {
    switch self {
    case .loopback: try await withLoopback(service) { channel, _, _ in try await body(channel) }
    case .inProcess: try await body(InProcessTransport(service.router(), clock: FakeClock()))
    }
  }
}

/// Options whose hooks keep what they are told.
struct ListeningOptions {
  let headers = Heard<Metadata>()
  let trailers = Heard<Metadata>()

  var options: CallOptions {
    var options = CallOptions()
    options.onResponseMetadata = { [headers] in headers.keep($0) }
    options.onTrailers = { [trailers] in trailers.keep($0) }
    return options
  }
}

@Suite struct MetadataTests {
  private static func sample(_ text: String) -> Metadata {
    var metadata: Metadata = Metadata(["x-text": text, "x-text": "again, with a comma"])
    metadata.append("x-bytes-bin", bytes: [0, 255, 10, 13])
    metadata.append("x-empty-bin", bytes: [])
    return metadata
  }

  @Test(arguments: Way.allCases)
  func `a handler's metadata stands before and behind its answer`(_ way: Way) async throws {
    var service = EchoService()
    service.onEcho = { _, context in
      try context.sendHeaders(Self.sample("head"))
      try context.trailers(Self.sample("tail"))
      try context.trailers(Metadata(["x-more": "1"]))
    }
    let listening = ListeningOptions()
    try await way.run(service) { channel in
      let _: RawMessage = try await channel.unary(
        EchoService.echo, RawMessage("a"), listening.options)
    }
    var tail = Self.sample("tail")
    tail.append("x-more", "1")
    #expect(listening.headers.all == [Self.sample("head")])
    #expect(listening.trailers.all == [tail])
  }

  @Test(arguments: Way.allCases)
  func `a call whose handler says nothing has empty metadata`(_ way: Way) async throws {
    let listening = ListeningOptions()
    try await way.run(EchoService()) { channel in
      let _: RawMessage = try await channel.unary(
        EchoService.echo, RawMessage("a"), listening.options)
    }
    #expect(listening.headers.all == [Metadata()])
    #expect(listening.trailers.all == [Metadata()])
  }

  @Test(arguments: Way.allCases)
  func `a failed call has its trailers, and no header fields it did not send`(
    _ way: Way
  ) async throws {
    var service = EchoService()
    service.onEcho = { request, context in
      if request.text == "both" { try context.sendHeaders(Metadata(["x-head": "1"])) }
      try context.trailers(Metadata(["x-tail": "1"]))
      throw ServiceError(code: .aborted, message: "\t\nwith ☺ and 😈 and 100 %\t\n")
    }
    for text in ["both", "tail"] {
      let listening = ListeningOptions()
      try await way.run(service) { channel in
        let error = await #expect(throws: ServiceError.self) {
          let _: RawMessage = try await channel.unary(
            EchoService.echo, RawMessage(text), listening.options)
        }
        #expect(error?.code == .aborted)
        #expect(error?.message == "\t\nwith ☺ and 😈 and 100 %\t\n")
      }
      #expect(listening.headers.all == (text == "both" ? [Metadata(["x-head": "1"])] : []))
      #expect(listening.trailers.all == [Metadata(["x-tail": "1"])])
    }
  }

  @Test(arguments: Way.allCases)
  func `header fields leave when they are sent, not with the first message`(
    _ way: Way
  ) async throws {
    var service = EchoService()
    service.onChat = { requests, responses, context in
      try context.sendHeaders(Metadata(["x-early": "1"]))
      for try await request in requests { try await responses.write(request) }
    }
    let listening = ListeningOptions()
    try await way.run(service) { channel in
      try await channel.bidirectionalStreaming(EchoService.chat, listening.options) {
        (requests: RequestWriter<RawMessage>, answers: ResponseStream<RawMessage>) in
        // Nothing is written before the header fields are here.
        #expect(await eventually { listening.headers.all == [Metadata(["x-early": "1"])] })
        try await requests.write(RawMessage("1"))
        await requests.finish()
        #expect(try await answers.reduce(0) { count, _ in count + 1 } == 1)
      }
    }
    #expect(listening.trailers.all == [Metadata()])
  }

  @Test(arguments: [
    Metadata(["grpc-status": "0"]), Metadata(["content-type": "text/html"]),
    Metadata([":status": "500"]), Metadata(["X-Upper": "1"]), Metadata(["": "1"]),
    Metadata(["connection": "close"]), Metadata(["x-line": "a\r\nb: c"]),
    Metadata(["x-chinese": "居"]), Metadata(["x-bin": "text"]),
    Metadata(["x-long": String(repeating: "x", count: Metadata.sentBytesMax)]),
  ])
  func `what may not be sent is refused on both sides`(_ metadata: Metadata) async throws {
    #expect(throws: ServiceError.self) { try metadata.check() }
    var service = EchoService()
    service.onEcho = { request, context in
      if request.text == "head" { try context.sendHeaders(metadata) }
      if request.text == "tail" { try context.trailers(metadata) }
    }
    for way in Way.allCases {
      try await way.run(service) { channel in
        for text in ["head", "tail"] {
          let ending = await code {
            let _: RawMessage = try await channel.unary(EchoService.echo, RawMessage(text))
          }
          #expect(ending == .internal)
        }
        let ending = await code {
          let _: RawMessage = try await channel.unary(
            EchoService.echo, RawMessage(), CallOptions(metadata: metadata))
        }
        #expect(ending == .internal)
        let answer: RawMessage = try await channel.unary(EchoService.echo, RawMessage("on"))
        #expect(answer.text == "on")
      }
    }
  }

  @Test(
    arguments: [("AAEC,AAE", [[0, 1, 2], [0, 1]]), ("AAE=", [[0, 1]]), ("A", nil)]
      as [(String, [[UInt8]]?)])
  func `binary metadata of an answer is read as of a request`(
    _ text: String, _ expected: [[UInt8]]?
  ) async throws {
    let server = try await RawServer { event, connection, _ in
      guard case .request(let stream) = event else { return }
      connection.session.respond(
        stream, HeaderList([":status": "200", "content-type": "application/grpc"]))
      [UInt8](repeating: 0, count: 5).withUnsafeBytes {
        connection.session.write($0, on: stream)
      }
      connection.session.finish(
        stream, trailers: HeaderList(["grpc-status": "0", "x-bin": text]))
    }
    let channel = GRPCClientChannel(
      ClientConfiguration(host: "127.0.0.1", port: server.port, random: SeededRandom()))
    let listening = ListeningOptions()
    let ending = await code {
      _ = try await channel.unary(EchoService.echo, [], listening.options)
    }
    #expect(ending == (expected == nil ? .internal : nil))
    let values = listening.trailers.all.first?.entries.map(\.value)
    #expect(values == expected.map { $0.map { .bytes($0) } })
    #expect(await code { _ = try await channel.unary(EchoService.echo, [], CallOptions()) } == nil)
    await channel.close()
    await server.close()
  }
}
