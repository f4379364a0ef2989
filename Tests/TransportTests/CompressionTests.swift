import DomainModel
import HTTP2
import RPC
import TestSupport
import Testing
@testable import Transport

@Suite struct ServerCompressionTests {
  private static let zeros = [UInt8](repeating: 0, count: 5_000)

  private static func framed(_ flag: UInt8, _ message: [UInt8]) -> [UInt8] {
    [flag, 0, 0, UInt8(message.count >> 8), UInt8(message.count & 255)] + message
  }

  private static func fields(
    _ encoding: String, accept: String = "", _ path: String = "/test.Echo/Echo"
  ) -> HeaderList {
    RawClient.fields(path, ["grpc-encoding": encoding, "grpc-accept-encoding": accept])
  }

  @Test func `a compressed request is read, and the handler knows that it was`() async throws {
    let seen = Heard<Bool>()
    var service = EchoService()
    service.onEcho = { _, context in seen.keep(context.isRequestCompressed) }
    try await withLoopback(service) { _, _, port in
      let client = try await RawClient(port: port)
      for flag in [UInt8(1), 0] {
        let message = flag == 1 ? helloGzip : Array("hello hello hello hello".utf8)
        let answer = try await client.call(Self.fields("gzip"), Self.framed(flag, message))
        #expect(answer.grpcStatus == "0")
        #expect(answer.body.dropFirst(5) == Array("hello hello hello hello".utf8)[...])
      }
      #expect(seen.all == [true, false])
      await client.close()
    }
  }

  @Test(
    arguments: [
      ("gzip", true, "gzip", 1), ("identity,gzip", true, "gzip", 1), ("gzip", false, nil, 0),
      ("identity", true, nil, 0), ("", true, nil, 0), ("deflate", true, nil, 0),
    ] as [(String, Bool, String?, UInt8)])
  func `an answer is compressed if the caller reads it and the handler asks for it`(
    _ accept: String, _ isAsked: Bool, _ encoding: String?, _ flag: UInt8
  ) async throws {
    var service = EchoService()
    service.onEcho = { _, context in
      if isAsked { #expect(context.compress() == (encoding != nil)) }
    }
    try await withLoopback(service) { _, _, port in
      let client = try await RawClient(port: port)
      let answer = try await client.call(
        RawClient.fields("/test.Echo/Echo", ["grpc-accept-encoding": accept]),
        Self.framed(0, Self.zeros))
      #expect(answer.grpcStatus == "0")
      #expect(answer.fields["grpc-encoding"] == encoding)
      #expect(answer.fields["grpc-accept-encoding"] == (accept.isEmpty ? nil : "identity,gzip"))
      #expect(answer.body.first == flag)
      #expect((answer.body.count < 200) == (flag == 1))
      await client.close()
    }
  }

  @Test func `tiny answers are not compressed, unless one is asked for by itself`() async throws {
    var service = EchoService()
    service.onChat = { requests, responses, context in
      context.compress()
      for try await request in requests {
        for choice in [nil, true, false] as [Bool?] {
          try await responses.write(request, compressed: choice)
        }
      }
    }
    try await withLoopback(service) { channel, _, _ in
      let flags = Heard<Bool>()
      var options = CallOptions()
      options.onAnswer = { flags.keep($0) }
      for count in [10, MessageCompression.messageBytesMin] {
        let message = RawMessage([UInt8](repeating: 1, count: count))
        let answers = try await channel.bidirectionalStreaming(EchoService.chat, options) {
          (requests: RequestWriter<RawMessage>, answers: ResponseStream<RawMessage>) in
          try await requests.write(message)
          await requests.finish()
          return try await answers.reduce(into: [RawMessage]()) { $0.append($1) }
        }
        #expect(answers == [message, message, message])
      }
      #expect(flags.all == [false, true, false, true, true, false])
    }
  }

  @Test func `a bomb is RESOURCE_EXHAUSTED in every kind of call and others go on`() async throws {
    let bomb = try Gzip.deflate([UInt8](repeating: 0, count: 8 << 20))
    var body = withUnsafeBytes(of: UInt32(bomb.count).bigEndian) { [1] + Array($0) }
    body += bomb
    try await withLoopback { channel, _, port in
      let client = try await RawClient(port: port)
      for method in EchoService.methods {
        let answer = try await client.call(Self.fields("gzip", method.path), body)
        #expect(answer.grpcStatus == "8")
      }
      let answer: RawMessage = try await channel.unary(EchoService.echo, RawMessage("on"))
      #expect(answer.text == "on")
      await client.close()
    }
  }

  @Test func `a caller who is not let in has nothing inflated`() async throws {
    var access = AccessTable()
    for method in EchoService.methods { access.allow(method, .only([.officer: .office])) }
    try await withLoopback(router: EchoService().router(access: access)) { _, _, port in
      let client = try await RawClient(port: port)
      let answer = try await client.call(
        Self.fields("gzip"), Self.framed(1, [1, 2, 3]))
      #expect(answer.grpcStatus == "16")
      await client.close()
    }
  }

  private static func fields(_ encoding: String, _ path: String) -> HeaderList {
    self.fields(encoding, accept: "", path)
  }
}

@Suite struct ClientCompressionTests {
  /// A service that tells, for each message it is sent, whether that came compressed.
  private static func telling() -> (EchoService, Heard<Bool>) {
    let seen = Heard<Bool>()
    var service = EchoService()
    service.onEcho = { _, context in
      seen.keep(context.isRequestCompressed)
      context.compress()
    }
    service.onChat = { requests, responses, context in
      for try await request in requests {
        seen.keep(context.isRequestCompressed)
        try await responses.write(request)
      }
    }
    return (service, seen)
  }

  @Test(arguments: [(0, false), (1_023, false), (1_024, true), (50_000, true), (1 << 20, true)])
  func `requests and answers are compressed from a size on`(
    _ count: Int, _ isCompressed: Bool
  ) async throws {
    let (service, seen) = Self.telling()
    let flags = Heard<Bool>()
    var options = CallOptions(compression: .gzip)
    options.onAnswer = { flags.keep($0) }
    try await withLoopback(service) { channel, _, _ in
      let message = RawMessage([UInt8](repeating: 1, count: count))
      let answer: RawMessage = try await channel.unary(EchoService.echo, message, options)
      #expect(answer == message)
      #expect(seen.all == [isCompressed])
      #expect(flags.all == [isCompressed])
    }
  }

  @Test func `what compression would not make smaller is sent as it is`() async throws {
    let (service, seen) = Self.telling()
    let message = RawMessage([0] + SeededRandom().bytes(20_000))
    try await withLoopback(service) { channel, _, _ in
      let answer: RawMessage = try await channel.unary(
        EchoService.echo, message, CallOptions(compression: .gzip))
      #expect(answer == message)
      #expect(seen.all == [false])
    }
  }

  @Test func `each message of a stream may be compressed or not`() async throws {
    let (service, seen) = Self.telling()
    try await withLoopback(service) { channel, _, _ in
      for compression in [.gzip, nil] as [MessageCompression?] {
        try await channel.bidirectionalStreaming(
          EchoService.chat, CallOptions(compression: compression)
        ) { (requests: RequestWriter<RawMessage>, answers: ResponseStream<RawMessage>) in
          var iterator = answers.makeAsyncIterator()
          let large = RawMessage([UInt8](repeating: 3, count: 40_000))
          for (message, choice) in [(large, nil), (large, false), (RawMessage("x"), true)] {
            try await requests.write(message, compressed: choice as Bool?)
            #expect(try await iterator.next() == message)
          }
          await requests.finish()
          #expect(try await iterator.next() == nil)
        }
      }
      #expect(seen.all == [true, false, true, false, false, false])
    }
  }

  /// An answer that breaks the rules, and the status that the caller is told.
  struct BadAnswer: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let encoding: String
    let body: [UInt8]
    let code: ServiceError.Code
  }

  private static let badAnswers = [
    BadAnswer(
      testDescription: "unknown encoding", encoding: "br", body: [0, 0, 0, 0, 0], code: .internal),
    BadAnswer(
      testDescription: "flag without encoding", encoding: "identity", body: [1, 0, 0, 0, 0],
      code: .internal),
    BadAnswer(
      testDescription: "no gzip", encoding: "gzip", body: [1, 0, 0, 0, 1, 1], code: .internal),
    BadAnswer(
      testDescription: "over the bound", encoding: "gzip",
      body: [1, 0, 0, 0, 28] + helloGzip.dropLast() + [2], code: .resourceExhausted),
  ]

  @Test(arguments: Self.badAnswers)
  func `a compressed answer that breaks the rules ends its call`(_ bad: BadAnswer) async throws {
    let server = try await RawServer { event, connection, _ in
      guard case .request(let stream) = event else { return }
      connection.session.respond(
        stream,
        HeaderList([
          ":status": "200", "content-type": "application/grpc", "grpc-encoding": bad.encoding,
        ]))
      bad.body.withUnsafeBytes { connection.session.write($0, on: stream) }
      connection.session.finish(stream, trailers: HeaderList(["grpc-status": "0"]))
    }
    let channel = GRPCClientChannel(
      ClientConfiguration(host: "127.0.0.1", port: server.port, random: SeededRandom()))
    for _ in 0..<2 {
      let ending = await code { _ = try await channel.unary(EchoService.echo, [], CallOptions()) }
      #expect(ending == bad.code)
    }
    await channel.close()
    await server.close()
  }
}
