import DomainModel
import RPC
import TestSupport
import Testing
import Transport

@Suite struct DeadlineAndCancellationTests {
  /// A service whose unary method never answers by itself, and what it counts: begun, cancelled.
  private static func stuck() -> (EchoService, begun: Progress, cancelled: Progress) {
    let begun = Progress()
    let cancelled = Progress()
    var service = EchoService()
    service.onEcho = { _, _ in
      begun.step()
      do {
        try await ContinuousClock().sleep(for: .seconds(60))
      } catch {
        cancelled.step()
        throw error
      }
    }
    return (service, begun, cancelled)
  }

  /// Makes a first call, so that connecting takes nothing from the next one's time.
  private static func connect(_ channel: GRPCClientChannel) async throws {
    let _: RawMessage = try await channel.clientStreaming(EchoService.count) {
      (_: RequestWriter<RawMessage>) in
    }
  }

  @Test func `a passed deadline is told to the caller and cancels the handler`() async throws {
    let (service, begun, cancelled) = Self.stuck()
    try await withLoopback(service) { channel, _, _ in
      try await Self.connect(channel)
      let ending = await code {
        let _: RawMessage = try await channel.unary(
          EchoService.echo, RawMessage(), CallOptions(timeoutMs: 2_000))
      }
      #expect(ending == .deadlineExceeded)
      #expect(begun.count == 1)
      #expect(await eventually { cancelled.count == 1 })
    }
  }

  @Test func `the handler knows the deadline`() async throws {
    var service = EchoService()
    service.onEcho = { _, context in #expect(context.deadline != nil) }
    try await withLoopback(service) { channel, _, _ in
      let _: RawMessage = try await channel.unary(
        EchoService.echo, RawMessage(), CallOptions(timeoutMs: 60_000))
    }
  }

  @Test func `a cancelled caller cancels the handler and gets CANCELLED`() async throws {
    let (service, begun, cancelled) = Self.stuck()
    try await withLoopback(service) { channel, _, _ in
      await withTaskGroup(of: ServiceError.Code?.self) { group in
        group.addTask {
          await code { _ = try await channel.unary(EchoService.echo, [], CallOptions()) }
        }
        #expect(await eventually { begun.count == 1 })
        group.cancelAll()
        #expect(await group.next() == .cancelled)
      }
      #expect(await eventually { cancelled.count == 1 })
      #expect(
        await code {
          _ = try await channel.serverStreaming(EchoService.list, RawMessage("3")) {
            (answers: ResponseStream<RawMessage>) in
            for try await _ in answers {}
          }
        } == nil)
    }
  }

  /// Else a part of an upload would be taken for the whole.
  @Test func `requests that a cancelled caller was writing are never complete`() async throws {
    let seen = Heard<String>()
    var service = EchoService()
    service.onChat = { requests, _, _ in
      do {
        for try await _ in requests {}
        seen.keep("complete")
      } catch {
        seen.keep("cut short")
        throw error
      }
    }
    try await withLoopback(service) { channel, _, _ in
      for _ in 0..<50 {
        let ending = await withTaskGroup(of: ServiceError.Code?.self) { group in
          group.addTask {
            await code {
              try await channel.bidirectionalStreaming(EchoService.chat) {
                (requests: RequestWriter<RawMessage>, answers: ResponseStream<RawMessage>) in
                try await requests.write(RawMessage("1"))
                withUnsafeCurrentTask { $0?.cancel() }
                await requests.finish()
                for try await _ in answers {}
              }
            }
          }
          group.addTask {
            await code {
              let _: RawMessage = try await channel.clientStreaming(EchoService.count) {
                (_: RequestWriter<RawMessage>) in
                withUnsafeCurrentTask { $0?.cancel() }
              }
            }
          }
          return await group.reduce(into: Set<ServiceError.Code?>()) { $0.insert($1) }
        }
        #expect(ending == [.cancelled])
      }
      #expect(await eventually { seen.all.count == 50 })
      #expect(Set(seen.all) == ["cut short"])
    }
  }

  /// Both come in one read, before the reader that the message woke has run.
  @Test func `a message and the end of its call at once wake a reader once`() async throws {
    let begun = Progress()
    let seen = Heard<String>()
    var service = EchoService()
    service.onChat = { requests, _, _ in
      begun.step()
      do {
        for try await request in requests { seen.keep(request.text) }
      } catch {
        seen.keep("cancelled")
        throw error
      }
    }
    try await withLoopback(service) { _, _, port in
      let client = try await RawClient(port: port)
      for call in 0..<20 {
        let stream = UInt8(2 * call + 1)
        _ = try await client.begin(RawClient.fields("/test.Echo/Chat"), ends: false)
        #expect(await eventually { begun.count == call + 1 })
        let message: [UInt8] = [0, 0, 6, 0, 0, 0, 0, 0, stream, 0, 0, 0, 0, 1, 0x61]
        let cancellation: [UInt8] = [0, 0, 4, 3, 0, 0, 0, 0, stream, 0, 0, 0, 8]
        try await client.send(message + cancellation)
        #expect(await eventually { seen.all.count == 2 * (call + 1) })
      }
      #expect(seen.all == (0..<20).flatMap { _ in ["a", "cancelled"] })
      await client.close()
    }
  }

  @Test func `a caller cancelled before the call gets CANCELLED at once`() async throws {
    try await withLoopback { channel, _, _ in
      await withTaskGroup(of: ServiceError.Code?.self) { group in
        group.cancelAll()
        group.addTask {
          await code { _ = try await channel.unary(EchoService.echo, [], CallOptions()) }
        }
        #expect(await group.next() == .cancelled)
      }
    }
  }

  @Test func `leaving a stream cancels its handler`() async throws {
    let ended = Progress()
    var service = EchoService()
    service.onListed = { _ in
      if Task.isCancelled { ended.step() }
      try Task.checkCancellation()
      await Task.yield()
    }
    try await withLoopback(service) { channel, _, _ in
      try await channel.serverStreaming(EchoService.list, RawMessage("100000000")) {
        (answers: ResponseStream<RawMessage>) in
        var iterator = answers.makeAsyncIterator()
        for _ in 0..<10 { _ = try await iterator.next() }
      }
      let answer: RawMessage = try await channel.unary(EchoService.echo, RawMessage("on"))
      #expect(answer.text == "on")
    }
  }

  @Test func `a slow reader holds the writer back, and only its own stream`() async throws {
    let written = Progress()
    var service = EchoService()
    service.onListed = { _ in written.step() }
    // However long this reader waits for its turn among the other tests.
    var limits = TransportLimits()
    limits.stalledMs = 3_600_000
    try await withLoopback(service, limits: limits) { channel, _, _ in
      try await channel.serverStreaming(EchoService.list, RawMessage("2000000")) {
        (answers: ResponseStream<RawMessage>) in
        var iterator = answers.makeAsyncIterator()
        _ = try await iterator.next()
        let ahead = await settled(written)
        #expect(ahead < 200_000)
        let answer: RawMessage = try await channel.unary(EchoService.echo, RawMessage("on"))
        #expect(answer.text == "on")
        for _ in 0..<300_000 { _ = try await iterator.next() }
        #expect(written.count > ahead)
      }
    }
  }

  @Test func `a slow handler holds the caller back`() async throws {
    let gate = Progress()
    var service = EchoService()
    service.onListed = { _ in }
    var access = AccessTable()
    let slow = Method(service: "test.Echo", name: "Slow", kind: .clientStreaming)
    access.allow(slow, .anyone)
    var router = RPCRouter(identity: nil, access: access, logger: RecordedLogs().logger())
    router.clientStreaming(slow) { (requests: RequestStream<RawMessage>, _) -> RawMessage in
      while gate.count == 0 { try await ContinuousClock().sleep(for: .milliseconds(10)) }
      var count = 0
      for try await _ in requests { count += 1 }
      return RawMessage("\(count)")
    }
    let server = GRPCServer(
      configuration: ServerConfiguration(port: 0, clock: WallClock()), router: router,
      logger: RecordedLogs().logger())
    let channel = GRPCClientChannel(
      ClientConfiguration(
        host: "127.0.0.1", port: try await server.start(), random: SeededRandom()))
    let written = Progress()
    async let answer: RawMessage = channel.clientStreaming(slow) {
      (requests: RequestWriter<RawMessage>) in
      for _ in 0..<1_000 {
        try await requests.write(RawMessage([UInt8](repeating: 1, count: 10_000)))
        written.step()
      }
    }
    #expect(await settled(written) < 500)
    gate.step()
    let text = try await answer.text
    #expect(text == "1000")
    await channel.close()
    await server.drain(within: 1_000)
  }
}
