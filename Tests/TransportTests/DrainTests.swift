import DomainModel
import RPC
import TestSupport
import Testing
import Transport

@Suite struct DrainTests {
  @Test func `a drain waits for the calls under way`() async throws {
    let begun = Progress()
    var service = EchoService()
    service.onEcho = { _, _ in
      begun.step()
      try await ContinuousClock().sleep(for: .milliseconds(300))
    }
    try await withLoopback(service) { channel, server, _ in
      async let answer: RawMessage = channel.unary(EchoService.echo, RawMessage("late"))
      #expect(await eventually { begun.count == 1 })
      #expect(await server.drain(within: 5_000))
      let text = try await answer.text
      #expect(text == "late")
    }
  }

  @Test func `calls left over at the bound end with UNAVAILABLE`() async throws {
    let begun = Progress()
    var service = EchoService()
    service.onEcho = { _, _ in
      begun.step()
      try await ContinuousClock().sleep(for: .seconds(60))
    }
    try await withLoopback(service) { channel, server, _ in
      async let ending = code {
        _ = try await channel.unary(EchoService.echo, [], CallOptions())
      }
      #expect(await eventually { begun.count == 1 })
      #expect(await server.drain(within: 100) == false)
      #expect(await ending == .unavailable)
    }
  }

  /// What a stream's caller is doing when the drain's bound passes.
  enum Watcher: CaseIterable, Sendable {
    case waits
    case isBehind
  }

  @Test(arguments: Watcher.allCases)
  func `a stream left over at the bound gets UNAVAILABLE in its trailers`(
    _ watcher: Watcher
  ) async throws {
    let begun = Progress()
    var service = EchoService()
    service.onListed = { _ in
      begun.step()
      if watcher == .waits { try await ContinuousClock().sleep(for: .seconds(60)) }
    }
    try await withLoopback(service) { channel, server, _ in
      let error = await #expect(throws: ServiceError.self) {
        try await channel.serverStreaming(EchoService.list, RawMessage("100000000")) {
          (answers: ResponseStream<RawMessage>) in
          #expect(await settled(begun) > 0)
          #expect(await server.drain(within: 50) == false)
          for try await _ in answers {}
        }
      }
      #expect(error?.code == .unavailable)
      #expect(error?.reason == "SERVICE_STOPPING")
      #expect(error?.retryDelayMs == 1_000)
    }
  }

  @Test func `a drain under load loses no call that was taken`() async throws {
    let handled = Progress()
    let answered = Progress()
    var service = EchoService()
    service.onEcho = { _, _ in
      handled.step()
      await Task.yield()
    }
    try await withLoopback(service) { channel, server, _ in
      await withTaskGroup(of: Set<ServiceError.Code>.self) { group in
        for _ in 0..<16 {
          group.addTask {
            var endings: Set<ServiceError.Code> = []
            while endings.isEmpty {
              let ending = await code {
                _ = try await channel.unary(EchoService.echo, [1, 2, 3], CallOptions())
              }
              if let ending { endings.insert(ending) } else { answered.step() }
            }
            return endings
          }
        }
        #expect(await eventually { answered.count > 500 })
        #expect(await server.drain(within: 5_000))
        for await endings in group { #expect(endings == [.unavailable]) }
      }
    }
    #expect(handled.count == answered.count)
  }

  @Test func `a client comes back to a server that was started again`() async throws {
    let clock = WallClock()
    let logger = RecordedLogs().logger()
    let first = GRPCServer(
      configuration: ServerConfiguration(port: 0, clock: clock),
      router: EchoService().router(), logger: logger)
    let port = try await first.start()
    let channel = GRPCClientChannel(
      ClientConfiguration(host: "127.0.0.1", port: port, random: SeededRandom()))
    let _: RawMessage = try await channel.unary(EchoService.echo, RawMessage("1"))
    await first.drain(within: 1_000)
    #expect(
      await code { _ = try await channel.unary(EchoService.echo, [], CallOptions()) }
        == .unavailable)
    let second = GRPCServer(
      configuration: ServerConfiguration(port: port, clock: clock),
      router: EchoService().router(), logger: logger)
    async let waiting: RawMessage = channel.unary(
      EchoService.echo, RawMessage("2"), CallOptions(timeoutMs: 10_000, waitForReady: true))
    try await ContinuousClock().sleep(for: .milliseconds(200))
    _ = try await second.start()
    let text = try await waiting.text
    #expect(text == "2")
    await channel.close()
    await second.drain(within: 1_000)
  }

  @Test func `a call to nobody is UNAVAILABLE, one that waits runs into its deadline`()
    async throws
  {
    let channel = GRPCClientChannel(
      ClientConfiguration(host: "127.0.0.1", port: 1, random: SeededRandom()))
    #expect(
      await code { _ = try await channel.unary(EchoService.echo, [], CallOptions()) }
        == .unavailable)
    let waiting = CallOptions(timeoutMs: 100, waitForReady: true)
    #expect(
      await code { _ = try await channel.unary(EchoService.echo, [], waiting) }
        == .deadlineExceeded)
    await channel.close()
    #expect(
      await code { _ = try await channel.unary(EchoService.echo, [], waiting) } == .unavailable)
  }
}

@Suite struct StartTests {
  private func server(_ host: String, _ router: RPCRouter) -> GRPCServer {
    GRPCServer(
      configuration: ServerConfiguration(host: host, port: 0, clock: WallClock()),
      router: router, logger: RecordedLogs().logger())
  }

  @Test(arguments: ["0.0.0.0", "::", "192.0.2.1"])
  func `a server without TLS refuses an address others can reach`(
    _ host: String
  ) async throws {
    let server = self.server(host, EchoService().router())
    await #expect(throws: TransportError.plaintextNotLoopback(host: host)) {
      try await server.start()
    }
  }

  @Test func `a server refuses to start on an incomplete access table`() async throws {
    let server = self.server("127.0.0.1", EchoService().router(access: AccessTable()))
    await #expect(throws: RouterError.self) { try await server.start() }
  }

  @Test func `a server starts once`() async throws {
    let server = self.server("127.0.0.1", EchoService().router())
    _ = try await server.start()
    await #expect(throws: TransportError.startedTwice) { try await server.start() }
    await server.drain(within: 100)
  }

  @Test func `a start that failed may be tried again`() async throws {
    let taken = self.server("127.0.0.1", EchoService().router())
    let port = try await taken.start()
    let server = GRPCServer(
      configuration: ServerConfiguration(port: port, clock: WallClock()),
      router: EchoService().router(), logger: RecordedLogs().logger())
    await #expect(throws: TransportError.self) { try await server.start() }
    await taken.drain(within: 1_000)
    #expect(try await server.start() == port)
    await server.drain(within: 1_000)
  }

  @Test func `a server drained before or while it starts never listens`() async throws {
    let never = self.server("127.0.0.1", EchoService().router())
    #expect(await never.drain(within: 1_000))
    await #expect(throws: TransportError.startedTwice) { try await never.start() }
    for _ in 0..<50 {
      let server = self.server("127.0.0.1", EchoService().router())
      async let port = server.start()
      async let drained = server.drain(within: 10_000)
      #expect(await drained)
      if let port = try? await port {
        let client = GRPCClientChannel(
          ClientConfiguration(host: "127.0.0.1", port: port, random: SeededRandom()))
        #expect(
          await code { _ = try await client.unary(EchoService.echo, [], CallOptions()) }
            == .unavailable)
        await client.close()
      }
    }
  }
}

@Suite struct RunTests {
  @Test func `run returns when the server is drained, and when its task is cancelled`() async throws
  {
    let server = GRPCServer(
      configuration: ServerConfiguration(port: 0, clock: WallClock()),
      router: EchoService().router(), logger: RecordedLogs().logger())
    _ = try await server.start()
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await server.run() }
      group.cancelAll()
    }
    async let running: Void = server.run()
    #expect(await server.drain(within: 1_000))
    await running
  }

  @Test func `run waits for a server that has not started yet`() async throws {
    let server = GRPCServer(
      configuration: ServerConfiguration(port: 0, clock: WallClock()),
      router: EchoService().router(), logger: RecordedLogs().logger())
    let returned = Progress()
    await withTaskGroup(of: Void.self) { group in
      group.addTask {
        await server.run()
        returned.step()
      }
      try? await ContinuousClock().sleep(for: .milliseconds(100))
      #expect(returned.count == 0)
      await server.drain(within: 1_000)
    }
    #expect(returned.count == 1)
  }

  @Test func `a second drain waits for the same end`() async throws {
    let begun = Progress()
    var service = EchoService()
    service.onEcho = { _, _ in
      begun.step()
      try await ContinuousClock().sleep(for: .milliseconds(500))
    }
    try await withLoopback(service) { channel, server, _ in
      async let answer: RawMessage = channel.unary(EchoService.echo, RawMessage("late"))
      #expect(await eventually { begun.count == 1 })
      async let first = server.drain(within: 5_000)
      try await ContinuousClock().sleep(for: .milliseconds(50))
      let start = ContinuousClock.now
      #expect(await server.drain(within: 5_000))
      #expect(ContinuousClock.now - start > .milliseconds(100))
      #expect(await first)
      #expect(try await answer.text == "late")
    }
  }
}
