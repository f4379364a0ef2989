import DomainModel
import RPC
import TestSupport
import Testing
import Transport

@Suite struct CallTests {
  @Test func `all four kinds cross a socket`() async throws {
    try await withLoopback { channel, _, _ in
      let echo: RawMessage = try await channel.unary(EchoService.echo, RawMessage("hello"))
      #expect(echo.text == "hello")
      let count: RawMessage = try await channel.clientStreaming(EchoService.count) {
        (requests: RequestWriter<RawMessage>) in
        for _ in 0..<1_000 { try await requests.write(RawMessage("0123456789")) }
      }
      #expect(count.text == "10000")
      let listed = try await channel.serverStreaming(EchoService.list, RawMessage("1000")) {
        (answers: ResponseStream<RawMessage>) in
        try await answers.reduce(into: [String]()) { $0.append($1.text) }
      }
      #expect(listed == (0..<1_000).map { "\($0)" })
      let echoes = try await channel.bidirectionalStreaming(EchoService.chat) {
        (requests: RequestWriter<RawMessage>, answers: ResponseStream<RawMessage>) in
        var echoes: [String] = []
        var iterator = answers.makeAsyncIterator()
        for number in 0..<100 {
          try await requests.write(RawMessage("\(number)"))
          if let echo = try await iterator.next() { echoes.append(echo.text) }
        }
        await requests.finish()
        #expect(try await iterator.next() == nil)
        return echoes
      }
      #expect(echoes == (0..<100).map { "\($0)" })
    }
  }

  @Test(arguments: [0, 1, 16_384, 65_536, 1_000_000, 4_194_304])
  func `a message of any allowed size comes back`(_ size: Int) async throws {
    try await withLoopback { channel, _, _ in
      let message = RawMessage((0..<size).map { UInt8($0 % 251) })
      let answer: RawMessage = try await channel.unary(EchoService.echo, message)
      #expect(answer == message)
    }
  }

  @Test func `a message over the limit is RESOURCE_EXHAUSTED, and the connection goes on`()
    async throws
  {
    try await withLoopback { channel, _, _ in
      let big = RawMessage([UInt8](repeating: 0, count: 4_194_305))
      #expect(
        await code { let _: RawMessage = try await channel.unary(EchoService.echo, big) }
          == .resourceExhausted)
      let answer: RawMessage = try await channel.unary(EchoService.echo, RawMessage("on"))
      #expect(answer.text == "on")
    }
  }

  @Test func `an error crosses with every detail`() async throws {
    let refusal = ServiceError(
      .formDefective,
      violations: [
        ServiceError.Violation(
          field: "form.name", reason: "NAME_EMPTY", english: "100% empty", chinese: "姓名为空")
      ], metadata: ["current_state": "draft"], retryDelayMs: 1_234)
    var service = EchoService()
    service.onEcho = { _, _ in throw refusal }
    try await withLoopback(service) { channel, _, _ in
      let error = await #expect(throws: ServiceError.self) {
        let _: RawMessage = try await channel.unary(EchoService.echo, RawMessage())
      }
      #expect(error == refusal)
    }
  }

  @Test func `an error after some answers comes after them`() async throws {
    var service = EchoService()
    service.onListed = { number in
      if number == 9 { throw ServiceError(.versionStale) }
    }
    try await withLoopback(service) { channel, _, _ in
      let read = Progress()
      let ending = await code {
        try await channel.serverStreaming(EchoService.list, RawMessage("100")) {
          (answers: ResponseStream<RawMessage>) in
          for try await _ in answers { read.step() }
        }
      }
      #expect(ending == .aborted)
      #expect(read.count == 10)
    }
  }

  @Test func `metadata reaches the handler, text and bytes`() async throws {
    var service = EchoService()
    service.onEcho = { _, context in
      #expect(context.metadata["x-text"] == "plain, with a comma")
      #expect(context.metadata.bytes("x-bytes-bin") == [0, 1, 254, 255])
      #expect(context.metadata.entries.count == 2)
    }
    var metadata: Metadata = Metadata(["x-text": "plain, with a comma"])
    metadata.append("x-bytes-bin", bytes: [0, 1, 254, 255])
    try await withLoopback(service) { [metadata] channel, _, _ in
      let _: RawMessage = try await channel.unary(
        EchoService.echo, RawMessage(), CallOptions(metadata: metadata))
    }
  }

  @Test func `bytes that are no message are INTERNAL`() async throws {
    try await withLoopback { channel, _, _ in
      #expect(
        await code { _ = try await channel.unary(EchoService.echo, [0xFF, 0], CallOptions()) }
          == .internal)
    }
  }

  @Test func `an unknown method is UNIMPLEMENTED`() async throws {
    let unknown = Method(service: "test.Echo", name: "Nothing", kind: .unary)
    try await withLoopback { channel, _, _ in
      #expect(
        await code { _ = try await channel.unary(unknown, [], CallOptions()) } == .unimplemented)
    }
  }

  @Test func `many calls at once on one connection each get their own answer`() async throws {
    try await withLoopback { channel, _, _ in
      try await withThrowingTaskGroup(of: Bool.self) { group in
        for number in 0..<1_000 {
          group.addTask {
            let answer: RawMessage = try await channel.unary(
              EchoService.echo, RawMessage("\(number)"))
            return answer.text == "\(number)"
          }
        }
        for try await isRight in group { #expect(isRight) }
      }
    }
  }

  @Test func `the log line names method, status and time, once a call`() async throws {
    let logs = RecordedLogs()
    var service = EchoService()
    service.onEcho = { _, _ in throw ServiceError(.permitNotFound) }
    try await withLoopback(service, logger: logs.logger()) { channel, _, _ in
      _ = await code { _ = try await channel.unary(EchoService.echo, [], CallOptions()) }
    }
    let lines = logs.lines.filter { $0.message == "call" }
    #expect(lines.count == 1)
    #expect(lines.first?.metadata["rpc.status"] == "5")
    #expect(lines.first?.metadata["rpc.reason"] == "PERMIT_NOT_FOUND")
    #expect(lines.first?.metadata["rpc.duration_us"] != nil)
  }
}
