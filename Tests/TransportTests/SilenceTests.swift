import DomainModel
import HTTP2
import NIOCore
import RPC
import TestSupport
import Testing
import Transport

/// Peers that send nothing, take nothing, or are gone without a word.
@Suite struct SilenceTests {
  /// Bounds that a test can wait for.
  private static func short() -> TransportLimits {
    var limits = TransportLimits()
    limits.keepAliveMs = 500
    limits.keepAliveTimeoutMs = 2_000
    limits.pingIntervalMinMs = 100
    return limits
  }

  private static func client(_ port: Int, _ limits: TransportLimits) -> GRPCClientChannel {
    GRPCClientChannel(
      ClientConfiguration(host: "127.0.0.1", port: port, random: SeededRandom(), limits: limits))
  }

  @Test func `a client that is gone without a word is noticed, and its call is cancelled`()
    async throws
  {
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
    try await withLoopback(service, limits: Self.short()) { _, _, port in
      let client = try await RawClient(port: port)
      async let answer = client.call(RawClient.fields(), [0, 0, 0, 0, 0])
      #expect(await eventually { begun.count == 1 })
      try await client.goSilent()
      #expect(await eventually { cancelled.count == 1 })
      await client.close()
      _ = try? await answer
    }
  }

  @Test func `a server that is gone without a word is noticed, and its calls are UNAVAILABLE`()
    async throws
  {
    let server = try await RawServer { event, connection, _ in
      if case .request = event { connection.mute() }
    }
    let channel = Self.client(server.port, Self.short())
    let ending = await code {
      _ = try await channel.unary(EchoService.echo, [], CallOptions(timeoutMs: 10_000))
    }
    #expect(ending == .unavailable)
    await channel.close()
    await server.close()
  }

  @Test func `a peer that answers pings may keep a call open without a byte`() async throws {
    var service = EchoService()
    service.onEcho = { _, _ in try await ContinuousClock().sleep(for: .seconds(5)) }
    try await withLoopback(service, limits: Self.short()) { _, _, port in
      let channel = Self.client(port, Self.short())
      let answer: RawMessage = try await channel.unary(EchoService.echo, RawMessage("late"))
      #expect(answer.text == "late")
      await channel.close()
    }
  }

  @Test(arguments: ["/test.Echo/Echo", "/test.Echo/List"])
  func `a request that never becomes complete ends at its bound`(_ path: String) async throws {
    var limits = TransportLimits()
    limits.requestMs = 300
    try await withLoopback(limits: limits) { _, _, port in
      let client = try await RawClient(port: port)
      let answer = try await client.call(RawClient.fields(path), [0, 0, 0, 0, 9], ends: false)
      #expect(answer.grpcStatus == "4")
      let next = try await client.call(RawClient.fields(), [0, 0, 0, 0, 0])
      #expect(next.grpcStatus == "0")
      await client.close()
    }
  }

  @Test func `a call counts from its header fields, before its handler runs`() async throws {
    var limits = TransportLimits()
    limits.inFlightMax = 1
    limits.requestMs = 3_000
    try await withLoopback(limits: limits) { _, _, port in
      let client = try await RawClient(port: port)
      let first = try await client.begin(RawClient.fields(), [0, 0, 0, 0, 9], ends: false)
      let second = try await client.call(RawClient.fields(), [0, 0, 0, 0, 0])
      #expect(second.grpcStatus == "8")
      #expect(try await first.get().grpcStatus == "4")
      let third = try await client.call(RawClient.fields(), [0, 0, 0, 0, 0])
      #expect(third.grpcStatus == "0")
      await client.close()
    }
  }

  @Test func `a stream whose caller sends nothing ends at its bound`() async throws {
    var limits = TransportLimits()
    limits.stalledMs = 300
    try await withLoopback(limits: limits) { _, _, port in
      let client = try await RawClient(port: port)
      let answer = try await client.call(
        RawClient.fields("/test.Echo/Count"), [0, 0, 0, 0, 1, 7], ends: false)
      #expect(answer.grpcStatus == "4")
      await client.close()
    }
  }

  @Test func `a stream whose caller takes nothing ends at its bound, behind what it took`()
    async throws
  {
    var limits = TransportLimits()
    limits.stalledMs = 300
    try await withLoopback(limits: limits) { channel, _, _ in
      let ending = await code {
        try await channel.serverStreaming(EchoService.list, RawMessage("100000000")) {
          (answers: ResponseStream<RawMessage>) in
          try await ContinuousClock().sleep(for: .seconds(2))
          for try await _ in answers {}
        }
      }
      #expect(ending == .deadlineExceeded)
    }
  }

  @Test func `a watcher that waits for its server's news is not stalled`() async throws {
    var limits = TransportLimits()
    // Long enough for a busy machine, on which a client may be kept from its work for seconds.
    limits.stalledMs = 5_000
    var service = EchoService()
    service.onListed = { _ in try await ContinuousClock().sleep(for: .milliseconds(6_000)) }
    try await withLoopback(service, limits: limits) { channel, _, _ in
      let count = try await channel.serverStreaming(EchoService.list, RawMessage("2")) {
        (answers: ResponseStream<RawMessage>) in
        try await answers.reduce(into: 0) { count, _ in count += 1 }
      }
      #expect(count == 2)
    }
  }
}
