import DomainModel
import HTTP2
import RPC
import TestSupport
import Testing
import Transport

@Suite struct ReconnectTests {
  private func channel(_ port: Int) -> GRPCClientChannel {
    GRPCClientChannel(ClientConfiguration(host: "127.0.0.1", port: port, random: SeededRandom()))
  }

  /// The first connection says GOAWAY after its second call and never answers that; the second one
  /// says nothing until the first has been closed.
  @Test func `the end of an old connection is not the failure of the next attempt`() async throws {
    let stuck = Progress()
    let opened = Progress()
    let server = try await RawServer { event, connection, all in
      switch (event, connection.number) {
      case (.opened, 0): opened.step()
      case (.opened, 1):
        opened.step()
        connection.mute()
        all[0].close()
      case (.request, 0) where stuck.count == 0:
        stuck.step()
        connection.session.finalGoAway()
      case (.request(let stream), _): connection.answer(stream)
      case (.closed, 0): all.dropFirst().first?.unmute()
      default: break
      }
    }
    let channel = self.channel(server.port)
    async let first = code {
      _ = try await channel.unary(EchoService.echo, [], CallOptions(timeoutMs: 5_000))
    }
    #expect(await eventually { stuck.count == 1 })
    // The GOAWAY must have been read before the next call is made.
    try await ContinuousClock().sleep(for: .milliseconds(100))
    let answer: RawMessage = try await channel.unary(
      EchoService.echo, RawMessage(), CallOptions(timeoutMs: 5_000))
    #expect(answer.bytes == [])
    #expect(await first == .unavailable)
    let again: RawMessage = try await channel.unary(
      EchoService.echo, RawMessage(), CallOptions(timeoutMs: 5_000))
    #expect(again.bytes == [])
    #expect(opened.count == 2)
    await channel.close()
    await server.close()
  }
}
