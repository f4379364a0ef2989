import DomainModel
import HTTP2
import RPC
import Synchronization
import TestSupport
import Testing
import Transport

private struct TryAgain: Error, CustomStringConvertible {
  let description: String
}

/// Answers with what a test says, and counts how often it is asked.
private final class ScriptedResolver: Resolver {
  let asked = Progress()
  private let answer = Mutex<[ServerAddress]?>([])

  init(_ answer: [ServerAddress]?) {
    self.set(answer)
  }

  /// From now on the name means this; nil for a name server that does not answer well.
  func set(_ answer: [ServerAddress]?) {
    self.answer.withLock { $0 = answer }
  }

  func resolve(_ server: ServerAddress) async throws -> [ServerAddress] {
    self.asked.step()
    guard let answer = self.answer.withLock({ $0 }) else {
      throw TryAgain(description: "\(server.host): try again")
    }
    return answer
  }
}

@Suite struct ManyServersTests {
  private static func counting() -> (EchoService, Progress) {
    let count = Progress()
    var service = EchoService()
    service.onEcho = { _, _ in count.step() }
    return (service, count)
  }

  private static func channel(
    _ servers: [ServerAddress], _ resolver: ScriptedResolver? = nil
  ) -> GRPCClientChannel {
    var configuration = ClientConfiguration(servers: servers, random: SeededRandom())
    if let resolver { configuration.resolver = resolver }
    configuration.resolution.againMs = 50
    // A busy machine may take long to come to the question; each test has a time limit of its own.
    configuration.resolution.timeoutMs = 600_000
    configuration.connectMs = 60_000
    configuration.backoff.firstMs = 20
    return GRPCClientChannel(configuration)
  }

  private static let name = [ServerAddress(host: "echo.example", port: 1)]

  @Test func `calls go round over all servers`() async throws {
    let (first, firstCount) = Self.counting()
    let (second, secondCount) = Self.counting()
    let (third, thirdCount) = Self.counting()
    try await withServers([first, second, third]) { _, addresses in
      let channel = Self.channel(addresses)
      let counts = [firstCount, secondCount, thirdCount]
      // Until every connection is there.
      while counts.contains(where: { $0.count == 0 }) {
        let _: RawMessage = try await channel.unary(EchoService.echo, RawMessage("warm"))
      }
      let before = counts.map(\.count)
      for _ in 0..<30 {
        let _: RawMessage = try await channel.unary(EchoService.echo, RawMessage("call"))
      }
      #expect(zip(counts, before).map { $0.count - $1 } == [10, 10, 10])
      await channel.close()
    }
  }

  @Test func `a name stands for all its addresses`() async throws {
    let (first, firstCount) = Self.counting()
    let (second, secondCount) = Self.counting()
    try await withServers([first, second]) { _, addresses in
      let channel = Self.channel(Self.name, ScriptedResolver(addresses))
      while firstCount.count == 0 || secondCount.count == 0 {
        let _: RawMessage = try await channel.unary(EchoService.echo, RawMessage("call"))
      }
      await channel.close()
    }
  }

  @Test func `when a server leaves, no call is lost, and its name is asked for again`() async throws
  {
    let (first, _) = Self.counting()
    let (second, secondCount) = Self.counting()
    let (third, thirdCount) = Self.counting()
    try await withServers([first, second, third]) { servers, addresses in
      let resolver = ScriptedResolver(Array(addresses[..<2]))
      let channel = Self.channel(Self.name, resolver)
      while secondCount.count == 0 {
        let _: RawMessage = try await channel.unary(EchoService.echo, RawMessage("warm"))
      }
      resolver.set(Array(addresses[1...]))
      async let drained = servers[0].drain(within: 5_000)
      while thirdCount.count == 0 {
        let _: RawMessage = try await channel.unary(EchoService.echo, RawMessage("call"))
      }
      #expect(await drained)
      #expect(resolver.asked.count >= 2)
      await channel.close()
    }
  }

  @Test(.timeLimit(.minutes(10)))
  func `a name that means nothing is UNAVAILABLE; who waits is served once it means something`()
    async throws
  {
    let (service, _) = Self.counting()
    try await withServers([service]) { _, addresses in
      let resolver = ScriptedResolver(nil)
      let channel = Self.channel(Self.name, resolver)
      let error = await #expect(throws: ServiceError.self) {
        _ = try await channel.unary(EchoService.echo, [], CallOptions())
      }
      #expect(error?.code == .unavailable)
      #expect(error?.message.contains("echo.example: try again") == true)
      async let waiting: RawMessage = channel.unary(
        EchoService.echo, RawMessage("late"), CallOptions(waitForReady: true))
      resolver.set(addresses)
      let text = try await waiting.text
      #expect(text == "late")
      await channel.close()
    }
  }

  @Test func `a dead address among living ones is no obstacle`() async throws {
    let (service, count) = Self.counting()
    try await withServers([service]) { _, addresses in
      let channel = Self.channel([ServerAddress(host: "127.0.0.1", port: 1)] + addresses)
      for _ in 0..<20 {
        let _: RawMessage = try await channel.unary(EchoService.echo, RawMessage("call"))
      }
      #expect(count.count == 20)
      await channel.close()
    }
  }

  @Test func `only so many calls wait for a connection`() async throws {
    let gate = try await RawServer { event, connection, _ in
      if case .opened = event { connection.mute() }
    }
    var limits = TransportLimits.client
    limits.waitingCallsMax = 2
    let channel = GRPCClientChannel(
      ClientConfiguration(
        host: "127.0.0.1", port: gate.port, random: SeededRandom(), limits: limits))
    let endings = await withTaskGroup(of: ServiceError.Code?.self) { group in
      for _ in 0..<3 {
        group.addTask { await code { _ = try await channel.unary(EchoService.echo, [], .init()) } }
      }
      // One finds no place; the others wait for as long as they like.
      let first = await group.next()
      await channel.close()
      return await group.reduce(into: [first]) { $0.append($1) }
    }
    #expect(endings == [.resourceExhausted, .unavailable, .unavailable])
    await gate.close()
  }

  @Test func `calls over a server's stream limit wait their turn`() async throws {
    let open = Mutex((now: 0, most: 0))
    var service = EchoService()
    service.onEcho = { _, _ in
      open.withLock {
        $0.now += 1
        $0.most = max($0.most, $0.now)
      }
      try await ContinuousClock().sleep(for: .milliseconds(1))
      open.withLock { $0.now -= 1 }
    }
    var limits = TransportLimits()
    limits.http2.concurrentStreamsMax = 1
    try await withLoopback(service, limits: limits) { channel, _, _ in
      try await withThrowingTaskGroup(of: Void.self) { group in
        for number in 0..<50 {
          group.addTask {
            let answer: RawMessage = try await channel.unary(
              EchoService.echo, RawMessage("\(number)"))
            #expect(answer.text == "\(number)")
          }
        }
        try await group.waitForAll()
      }
    }
    #expect(open.withLock { $0.most } == 1)
  }

  @Test func `the system's resolver knows this machine`() async throws {
    let found = try await SystemResolver().resolve(ServerAddress(host: "localhost", port: 7))
    #expect(found.contains(ServerAddress(host: "127.0.0.1", port: 7)))
    #expect(Set(found).count == found.count)
    await #expect(throws: SystemResolver.Failure.self) {
      try await SystemResolver().resolve(ServerAddress(host: "-", port: 7))
    }
  }
}
