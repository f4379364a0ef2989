import Logging
import RPC
import Synchronization
import TestSupport
import Testing
import Transport

struct PortReuseTests {
  /// The kernel gives connections their ports from the range in which the services' own lie.
  @Test func `a service starts on a port from which another is being called`() async throws {
    let remote = Mutex<Int?>(nil)
    let server = try await RawServer { event, connection, _ in
      guard case .request(let stream) = event else { return }
      remote.withLock { $0 = connection.remotePort }
      connection.answer(stream)
    }
    let channel = GRPCClientChannel(
      ClientConfiguration(host: "127.0.0.1", port: server.port, random: SeededRandom()))
    let _: RawMessage = try await channel.unary(
      EchoService.echo, RawMessage(), CallOptions(timeoutMs: 5_000))
    let port = try #require(remote.withLock { $0 })
    let late = GRPCServer(
      configuration: ServerConfiguration(port: port, clock: WallClock()),
      router: EchoService().router(),
      logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    #expect(try await late.start() == port)
    await late.drain(within: 0)
    await channel.close()
    await server.close()
  }
}
