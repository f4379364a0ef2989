import DomainModel
import HTTP2
import NIOCore
import RPC
import Synchronization
import TestSupport
import Testing

@testable import Transport

/// Who asks for signs of life how often.
@Suite struct KeepAliveTests {
  private static func limits(keepAliveMs: Int64) -> TransportLimits {
    var limits = TransportLimits()
    limits.keepAliveMs = keepAliveMs
    limits.keepAliveTimeoutMs = 60_000
    return limits
  }

  @Test func `a client asks a silent server only as often as any gRPC server allows`() {
    #expect(TransportLimits.client.keepAliveMs >= 300_000)
  }

  @Test func `a silent peer is asked only while it has calls, unless asked for`() {
    var limits = Self.limits(keepAliveMs: 40)
    limits.keepAliveTimeoutMs = 40
    var keepAlive = KeepAlive(limits)
    let idle = (0..<1_000).map { _ in keepAlive.tick(hasRead: false, hasCalls: false) }
    #expect(idle.allSatisfy { $0 == .fine })
    limits.keepAliveWithoutCalls = true
    keepAlive = KeepAlive(limits)
    let asked = (0..<1_000).map { _ in keepAlive.tick(hasRead: false, hasCalls: false) }
    #expect(asked.first { $0 != .fine } == .ask)
    #expect(asked.last == .gone)
  }

  /// After how many silent ticks a peer with open calls is asked.
  private static func silentTicks(factor: Int) -> Int {
    var keepAlive = KeepAlive(Self.limits(keepAliveMs: 40))
    keepAlive.slow(by: factor)
    var ticks = 1
    while keepAlive.tick(hasRead: false, hasCalls: true) != .ask { ticks += 1 }
    return ticks
  }

  @Test func `a peer that complained is asked as much later as it complained often`() {
    let ticks = Self.silentTicks(factor: 1)
    #expect(Self.silentTicks(factor: 2) == 2 * ticks)
    #expect(Self.silentTicks(factor: 4) == 4 * ticks)
  }

  @Test(.timeLimit(.minutes(10)))
  func `a client that is told it asks too often asks half as often from then on`() async throws {
    let complaints = 2
    let pings = Box<[(connection: Int, at: ContinuousClock.Instant)]>([])
    // The call ends first: a socket closed now would take back what was sent on it, if the client's
    // next words are on their way.
    let server = try await RawServer { event, connection, _ in
      guard case .pinged = event else { return }
      pings.append((connection.number, .now))
      if connection.number < complaints {
        connection.session.goAway(.enhanceYourCalm, reason: "too_many_pings")
      }
      for stream in connection.session.openStreamList { connection.refuse(stream, 14) }
    }
    let channel = GRPCClientChannel(
      ClientConfiguration(
        host: "127.0.0.1", port: server.port, random: SeededRandom(),
        limits: Self.limits(keepAliveMs: 200)))
    var begun: [ContinuousClock.Instant] = []
    for _ in 0...complaints {
      begun.append(.now)
      let ending = await code {
        _ = try await channel.unary(EchoService.echo, [], CallOptions(waitForReady: true))
      }
      #expect(ending == .unavailable)
    }
    #expect(pings.value.map(\.connection) == Array(0...complaints))
    for (number, ping) in pings.value.enumerated() {
      // Silence is counted in ticks of 50 ms, the first of which may come at once. A slow machine
      // only makes it longer.
      #expect(ping.at - begun[number] >= .milliseconds((200 << number) - 50))
    }
    await channel.close()
    await server.close()
  }

  @Test func `a client that pings too often is told so, and its connection ends as an abuser's`()
    async throws
  {
    var limits = TransportLimits()
    limits.pingStrikesMax = 2
    limits.pingIntervalMinMs = 600_000
    let logs = RecordedLogs()
    try await withLoopback(limits: limits, logger: logs.logger()) { _, _, port in
      let client = try await RawClient(port: port)
      let answer = try await client.call(RawClient.fields(), [0, 0, 0, 0, 0])
      #expect(answer.grpcStatus == "0")
      // The first follows an answer, the second is the first that is measured.
      for _ in 0..<4 { try await client.send([0, 0, 8, 6, 0, 0, 0, 0, 0] + Array(1...8)) }
      try await client.closed()
      #expect(await client.goAway() == "HTTP/2 error 11 too_many_pings")
      let told = await eventually {
        logs.lines.contains { $0.metadata["abuse"] == "pings" && $0.metadata["count"] == "1" }
      }
      #expect(told)
    }
  }

  @Test func `pings that follow answers are no abuse`() async throws {
    try await withLoopback { _, _, port in
      let client = try await RawClient(port: port)
      for _ in 0..<20 {
        let answer = try await client.call(RawClient.fields(), [0, 0, 0, 0, 0])
        #expect(answer.grpcStatus == "0")
        try await client.send([0, 0, 8, 6, 0, 0, 0, 0, 0] + Array(1...8))
      }
      #expect(await client.goAway() == nil)
      await client.close()
    }
  }

  @Test func `pings at the interval that is allowed are no abuse`() {
    var limits = TransportLimits()
    limits.pingIntervalMinMs = 1_000
    var policy = PingPolicy(limits)
    var now = NIODeadline.uptimeNanoseconds(1)
    for _ in 0..<100 {
      let isAbuse = policy.pinged(followsAnswer: false, at: now)
      #expect(!isAbuse)
      now = now + .milliseconds(1_000)
    }
    let strikes = (0..<4).map { _ in policy.pinged(followsAnswer: false, at: now) }
    #expect(strikes == [false, false, false, true])
  }
}

/// Connections that have become old.
@Suite struct ConnectionAgeTests {
  @Test func `a connection that is old enough takes no new call, and no call is lost`() async throws
  {
    let count = Progress()
    var service = EchoService()
    service.onEcho = { _, _ in count.step() }
    var limits = TransportLimits()
    limits.connectionAgeMs = 100
    try await withLoopback(service, limits: limits) { channel, _, _ in
      let end = ContinuousClock.now + .seconds(1)
      var calls = 0
      while ContinuousClock.now < end {
        let _: RawMessage = try await channel.unary(EchoService.echo, RawMessage("call"))
        calls += 1
      }
      #expect(count.count == calls)
    }
  }

  @Test func `calls that outlive the grace end with UNAVAILABLE`() async throws {
    var service = EchoService()
    service.onEcho = { _, _ in try await ContinuousClock().sleep(for: .seconds(60)) }
    var limits = TransportLimits()
    limits.connectionAgeMs = 100
    limits.connectionAgeGraceMs = 100
    try await withLoopback(service, limits: limits) { channel, _, _ in
      let error = await #expect(throws: ServiceError.self) {
        _ = try await channel.unary(EchoService.echo, [], CallOptions(timeoutMs: 20_000))
      }
      #expect(error?.code == .unavailable)
      #expect(error?.message.contains("age") == true)
    }
  }

  @Test func `connections that came together do not leave together`() {
    var limits = TransportLimits()
    limits.connectionAgeMs = 1_000_000
    let ages = (1...100).map { number in
      var age = ConnectionAge(limits, number: number)
      var ticks = 1
      while age.tick() == .young { ticks += 1 }
      return ticks
    }
    #expect(ages.allSatisfy { (900...1_100).contains($0) })
    // Any ten neighbours spread over most of the range.
    for start in 0..<90 {
      let some = ages[start..<(start + 10)]
      #expect((some.max() ?? 0) - (some.min() ?? 0) > 120)
    }
  }
}
