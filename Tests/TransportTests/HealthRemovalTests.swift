import DomainModel
import Logging
import RPC
import Synchronization
import TestSupport
import Testing
import Transport

/// A server of the echo service that says about its health what a test says.
private final class ModestServer: Sendable {
  static let watch = Method(
    service: "grpc.health.v1.Health", name: "Watch", kind: .serverStreaming)

  let answered = Progress()
  private let server: GRPCServer
  private let told: AsyncStream<UInt8>.Continuation

  /// `health`: what it says at first, in protobuf's number; nil for a server without a health
  /// service.
  init(_ health: UInt8?) {
    let (changes, told) = AsyncStream.makeStream(of: UInt8.self)
    var access = AccessTable()
    for method in EchoService.methods { access.allow(method, .anyone) }
    if health != nil { access.allow(Self.watch, .anyone) }
    var service = EchoService()
    service.onEcho = { [answered] _, _ in answered.step() }
    var router = service.router(access: access)
    if let health {
      told.yield(health)
      router.serverStreaming(Self.watch) {
        (_: RawMessage, responses: ResponseWriter<RawMessage>, _) in
        for await status in changes { try await responses.write(RawMessage([8, status])) }
      }
    }
    self.told = told
    self.server = GRPCServer(
      configuration: ServerConfiguration(port: 0, clock: WallClock()), router: router,
      logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
  }

  func start() async throws -> ServerAddress {
    ServerAddress(host: "127.0.0.1", port: try await self.server.start())
  }

  func say(_ health: UInt8) { self.told.yield(health) }

  func stop() async {
    self.told.finish()
    await self.server.drain(within: 1_000)
  }
}

@Suite struct HealthRemovalTests {
  private static let serving: UInt8 = 1
  private static let notServing: UInt8 = 2

  private static func channel(
    _ servers: [ServerAddress], _ logs: RecordedLogs = RecordedLogs()
  ) -> GRPCClientChannel {
    var configuration = ClientConfiguration(servers: servers, random: SeededRandom())
    configuration.logger = logs.logger()
    configuration.backoff.firstMs = 20
    configuration.health = HealthWatch(method: ModestServer.watch, request: []) {
      $0 == [8, Self.serving]
    }
    return GRPCClientChannel(configuration)
  }

  private static func call(_ channel: GRPCClientChannel) async throws {
    let _: RawMessage = try await channel.unary(
      EchoService.echo, RawMessage("call"), CallOptions(timeoutMs: 10_000))
  }

  @Test func `a server that says it does not serve gets no call, until it serves again`()
    async throws
  {
    let first = ModestServer(Self.serving)
    let second = ModestServer(Self.notServing)
    let channel = Self.channel([try await first.start(), try await second.start()])
    for _ in 0..<20 { try await Self.call(channel) }
    #expect(first.answered.count == 20)
    #expect(second.answered.count == 0)
    second.say(Self.serving)
    while second.answered.count == 0 { try await Self.call(channel) }
    first.say(Self.notServing)
    // What had been picked before the news came still arrives.
    var rest = 0
    while rest < 20 {
      let before = first.answered.count
      try await Self.call(channel)
      rest = first.answered.count == before ? rest + 1 : 0
    }
    await channel.close()
    await first.stop()
    await second.stop()
  }

  @Test func `calls are UNAVAILABLE while no server serves`() async throws {
    let server = ModestServer(Self.notServing)
    let logs = RecordedLogs()
    let channel = Self.channel([try await server.start()], logs)
    let error = await #expect(throws: ServiceError.self) { try await Self.call(channel) }
    #expect(error?.code == .unavailable)
    #expect(error?.message.contains("does not serve") == true)
    async let waiting: RawMessage = channel.unary(
      EchoService.echo, RawMessage("late"), CallOptions(timeoutMs: 10_000, waitForReady: true))
    server.say(Self.serving)
    let text = try await waiting.text
    #expect(text == "late")
    let told = logs.lines.map(\.message)
    #expect(told == ["a server takes no calls", "a server takes calls again"])
    await channel.close()
    await server.stop()
  }

  @Test func `a server without a health service counts as healthy`() async throws {
    let server = ModestServer(nil)
    let channel = Self.channel([try await server.start()])
    try await Self.call(channel)
    #expect(server.answered.count == 1)
    await channel.close()
    await server.stop()
  }
}
