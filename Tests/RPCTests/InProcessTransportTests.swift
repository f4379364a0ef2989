import DomainModel
import RPC
import TestSupport
import Testing

/// The four kinds of call, as every transport must carry them; here in one process.
@Suite struct InProcessTransportTests {
  let channel: InProcessTransport
  let clock = FakeClock()

  init() throws {
    self.channel = try InProcessTransport(EchoService().router(), clock: self.clock)
  }

  private static func code(_ call: () async throws -> Void) async -> ServiceError.Code? {
    do {
      try await call()
      return nil
    } catch {
      return (error as? ServiceError)?.code
    }
  }

  @Test func `a unary call answers`() async throws {
    let answer: RawMessage = try await self.channel.unary(EchoService.echo, RawMessage("hello"))
    #expect(answer.text == "hello")
  }

  @Test func `a client stream is answered when it has ended`() async throws {
    let answer: RawMessage = try await self.channel.clientStreaming(EchoService.count) {
      (requests: RequestWriter<RawMessage>) in
      for _ in 0..<100 { try await requests.write(RawMessage("0123456789")) }
    }
    #expect(answer.text == "1000")
  }

  @Test func `a server stream is read to its end`() async throws {
    let texts = try await self.channel.serverStreaming(EchoService.list, RawMessage("100")) {
      (answers: ResponseStream<RawMessage>) in
      try await answers.reduce(into: [String]()) { $0.append($1.text) }
    }
    #expect(texts == (0..<100).map { "\($0)" })
  }

  @Test func `both sides stream in turn`() async throws {
    let echoes = try await self.channel.bidirectionalStreaming(EchoService.chat) {
      (requests: RequestWriter<RawMessage>, answers: ResponseStream<RawMessage>) in
      var echoes: [String] = []
      var iterator = answers.makeAsyncIterator()
      for number in 0..<50 {
        try await requests.write(RawMessage("\(number)"))
        if let echo = try await iterator.next() { echoes.append(echo.text) }
      }
      await requests.finish()
      #expect(try await iterator.next() == nil)
      return echoes
    }
    #expect(echoes == (0..<50).map { "\($0)" })
  }

  @Test func `a writer that is far ahead waits for the reader`() async throws {
    let progress = Progress()
    var service = EchoService()
    service.onListed = { _ in progress.step() }
    let channel = try InProcessTransport(service.router(), clock: self.clock)
    try await channel.serverStreaming(EchoService.list, RawMessage("1000")) {
      (answers: ResponseStream<RawMessage>) in
      var iterator = answers.makeAsyncIterator()
      _ = try await iterator.next()
      for _ in 0..<1000 { await Task.yield() }
      #expect(progress.count < 50)
    }
    #expect(progress.count < 1000)
  }

  @Test func `leaving a stream cancels its handler`() async throws {
    let progress = Progress()
    var service = EchoService()
    service.onListed = { number in
      progress.step()
      if number == 0 {
        do { try await FakeClock().sleep(until: Timestamp(milliseconds: .max)) } catch {
          progress.step()
          throw error
        }
      }
    }
    let channel = try InProcessTransport(service.router(), clock: self.clock)
    try await channel.serverStreaming(EchoService.list, RawMessage("10")) {
      (answers: ResponseStream<RawMessage>) in
      var iterator = answers.makeAsyncIterator()
      _ = try await iterator.next()
    }
    #expect(progress.count == 2)
  }

  @Test func `a passed deadline cancels the handler and is told`() async throws {
    let clock = self.clock
    var service = EchoService()
    service.onEcho = { _, context in
      #expect(context.deadline == Timestamp(milliseconds: 1_773_104_400_500))
      try await clock.sleep(until: Timestamp(milliseconds: .max))
    }
    let channel = try InProcessTransport(service.router(), clock: clock)
    async let code = Self.code {
      let _: RawMessage = try await channel.unary(
        EchoService.echo, RawMessage("slow"), CallOptions(timeoutMs: 500))
    }
    #expect(await clock.waitForSleepers(2))
    clock.advance(milliseconds: 500)
    #expect(await code == .deadlineExceeded)
  }

  @Test func `an unknown method is unimplemented`() async throws {
    let unknown = Method(service: "test.Echo", name: "Nothing", kind: .unary)
    let error = await #expect(throws: ServiceError.self) {
      let _: RawMessage = try await self.channel.unary(unknown, RawMessage())
    }
    #expect(error?.code == .unimplemented)
  }

  @Test func `bytes that are no message are internal, and the handler never runs`() async throws {
    var service = EchoService()
    service.onEcho = { _, _ in Issue.record("the handler ran") }
    let channel = try InProcessTransport(service.router(), clock: self.clock)
    let error = await #expect(throws: ServiceError.self) {
      _ = try await channel.unary(EchoService.echo, [0xFF], CallOptions())
    }
    #expect(error?.code == .internal)
  }
}
