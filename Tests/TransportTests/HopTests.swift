import DomainModel
import HTTP2
import RPC
import TestSupport
import Testing
import Transport

/// Deadlines over several hops and real sockets.
@Suite struct HopTests {
  private static let hop: [UInt8] = [0, 0, 0, 0, 0]

  @Test func `a caller's deadline reaches the service behind, less the reserve`() async throws {
    let left = Heard<Int64>()
    var behind = EchoService()
    behind.onEcho = { _, context in left.keep(context.remainingMs ?? -1) }
    try await withLoopback(behind) { inner, _, _ in
      var before = EchoService()
      before.onEcho = { _, context in
        let _: RawMessage = try await inner.unary(
          EchoService.echo, RawMessage(), CallOptions(within: context))
      }
      try await withLoopback(before) { outer, _, _ in
        let _: RawMessage = try await outer.unary(
          EchoService.echo, RawMessage(), CallOptions(timeoutMs: 60_000))
        let _: RawMessage = try await outer.unary(EchoService.echo, RawMessage())
      }
    }
    #expect(left.all.count == 2)
    #expect((1...(60_000 - DeadlineReserve.mostMs)).contains(left.all[0]))
    #expect(left.all[1] == -1)
  }

  @Test func `a trace goes on from hop to hop, each under a span of its own`() async throws {
    let seen = Heard<TraceContext?>()
    let tracing = Tracing(random: SeededRandom())
    var behind = EchoService()
    behind.onEcho = { _, context in seen.keep(context.trace) }
    try await withLoopback(router: behind.router(tracing: tracing)) { inner, _, _ in
      var before = EchoService()
      before.onEcho = { request, context in
        seen.keep(context.trace)
        let _: RawMessage = try await inner.unary(
          EchoService.echo, request, CallOptions(within: context))
      }
      try await withLoopback(router: before.router(tracing: tracing)) { _, _, port in
        let client = try await RawClient(port: port)
        let fields = RawClient.fields(
          "/test.Echo/Echo",
          [
            "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            "tracestate": "a=1,b=2",
          ])
        let answer = try await client.call(fields, Self.hop)
        #expect(answer.grpcStatus == "0")
        await client.close()
      }
    }
    let spans = seen.all.compactMap { $0 }
    #expect(spans.count == 2)
    #expect(spans.first?.parentID == 0xB7AD_6B71_6920_3331)
    #expect(spans.last?.parentID == spans.first?.spanID)
    #expect(Set(spans.map(\.traceID.description)) == ["0af7651916cd43dd8448eb211c80319c"])
    #expect(spans.map(\.state) == ["a=1,b=2", "a=1,b=2"])
  }

  @Test func `a passed deadline cancels the handler and what it called`() async throws {
    let begun = Progress()
    let cancelled = Progress()
    var stuck = EchoService()
    stuck.onEcho = { _, _ in
      begun.step()
      do {
        try await ContinuousClock().sleep(for: .seconds(60))
      } catch {
        cancelled.step()
        throw error
      }
    }
    try await withLoopback(stuck) { inner, _, _ in
      var before = EchoService()
      before.onEcho = { request, _ in
        // Without a deadline of its own: only the cancelled handler can end it.
        let _: RawMessage = try await inner.unary(EchoService.echo, request)
      }
      try await withLoopback(before) { outer, _, _ in
        // A busy machine may take longer than the first deadline to come to the last handler.
        for timeoutMs in [500, 5_000, 30_000] as [Int64] where begun.count == 0 {
          let ending = await code {
            let _: RawMessage = try await outer.unary(
              EchoService.echo, RawMessage(), CallOptions(timeoutMs: timeoutMs))
          }
          #expect(ending == .deadlineExceeded)
        }
        #expect(begun.count > 0)
        #expect(await eventually { cancelled.count == begun.count })
      }
    }
  }

  @Test(arguments: EchoService.methods)
  func `a call with too little time left is refused and its handler never runs`(
    _ method: Method
  ) async throws {
    var service = EchoService()
    service.onEcho = { _, _ in Issue.record("the handler ran") }
    service.onListed = { _ in Issue.record("the handler ran") }
    service.onChat = { _, _, _ in Issue.record("the handler ran") }
    var limits = TransportLimits()
    limits.deadlineLeftMsMin = 50_000
    try await withLoopback(service, limits: limits) { _, _, port in
      let client = try await RawClient(port: port)
      let answer = try await client.call(
        RawClient.fields(method.path, ["grpc-timeout": "40S"]), Self.hop)
      #expect(answer.grpcStatus == "4")
      await client.close()
    }
  }

  @Test func `enough time is enough, in every unit`() async throws {
    var limits = TransportLimits()
    limits.deadlineLeftMsMin = 50_000
    try await withLoopback(limits: limits) { _, _, port in
      let client = try await RawClient(port: port)
      for timeout in ["99999S", "9999M", "99H", "99999999m", "99999999H"] {
        let answer = try await client.call(
          RawClient.fields("/test.Echo/Echo", ["grpc-timeout": timeout]), Self.hop)
        #expect(answer.grpcStatus == "0")
      }
      for timeout in ["99999999n", "49999999u", "40S"] {
        let answer = try await client.call(
          RawClient.fields("/test.Echo/Echo", ["grpc-timeout": timeout]), Self.hop)
        #expect(answer.grpcStatus == "4")
      }
      await client.close()
    }
  }
}

/// How long messages may be, in both roles and both directions.
@Suite struct MessageSizeTests {
  @Test func `a message over the receiver's bound is refused in either role`() async throws {
    var limits = TransportLimits()
    limits.messageBytesMax = 1_000
    try await withLoopback(limits: limits) { channel, _, port in
      let fits: RawMessage = try await channel.unary(
        EchoService.echo, RawMessage([UInt8](repeating: 1, count: 1_000)))
      #expect(fits.bytes.count == 1_000)
      let ending = await code {
        let _: RawMessage = try await channel.unary(
          EchoService.echo, RawMessage([UInt8](repeating: 1, count: 1_001)))
      }
      #expect(ending == .resourceExhausted)
    }
    try await withLoopback { _, _, port in
      var configuration = ClientConfiguration(
        host: "127.0.0.1", port: port, random: SeededRandom())
      configuration.limits.messageBytesMax = limits.messageBytesMax
      let channel = GRPCClientChannel(configuration)
      let ending = await code {
        let _: RawMessage = try await channel.unary(
          EchoService.echo, RawMessage([UInt8](repeating: 1, count: 1_001)))
      }
      #expect(ending == .resourceExhausted)
      await channel.close()
    }
  }

  @Test func `a message over the sender's bound never leaves, in either role`() async throws {
    var limits = TransportLimits()
    limits.sentMessageBytesMax = 1_000
    let large = RawMessage([UInt8](repeating: 1, count: 1_001))
    try await withLoopback(limits: limits) { channel, _, _ in
      let unary = await code {
        let _: RawMessage = try await channel.unary(EchoService.echo, large)
      }
      #expect(unary == .resourceExhausted)
      let stream = await code {
        try await channel.bidirectionalStreaming(EchoService.chat) {
          (requests: RequestWriter<RawMessage>, answers: ResponseStream<RawMessage>) in
          try await requests.write(large)
          for try await _ in answers {}
        }
      }
      #expect(stream == .resourceExhausted)
    }
    let seen = Progress()
    var service = EchoService()
    service.onEcho = { _, _ in seen.step() }
    try await withLoopback(service) { _, _, port in
      var configuration = ClientConfiguration(
        host: "127.0.0.1", port: port, random: SeededRandom())
      configuration.limits.sentMessageBytesMax = limits.sentMessageBytesMax
      let channel = GRPCClientChannel(configuration)
      let unary = await code {
        let _: RawMessage = try await channel.unary(EchoService.echo, large)
      }
      #expect(unary == .resourceExhausted)
      #expect(seen.count == 0)
      await channel.close()
    }
  }
}
