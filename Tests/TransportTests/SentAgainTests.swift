import DomainModel
import HTTP2
import RPC
import TestSupport
import Testing
import Transport

/// Calls that a server says it never took are sent again by themselves, and no others are.
@Suite struct SentAgainTests {
  private static func channel(_ server: RawServer) -> GRPCClientChannel {
    GRPCClientChannel(
      ClientConfiguration(host: "127.0.0.1", port: server.port, random: SeededRandom()))
  }

  private static let options = CallOptions(timeoutMs: 10_000)

  @Test func `a refused call is sent once more`() async throws {
    let requests = Progress()
    let server = try await RawServer { event, connection, _ in
      guard case .request(let stream) = event else { return }
      requests.step()
      if requests.count == 1 {
        connection.session.reset(stream, .refusedStream)
      } else {
        connection.answer(stream)
      }
    }
    let channel = Self.channel(server)
    #expect(try await channel.unary(EchoService.echo, [1], Self.options) == [])
    #expect(requests.count == 2)
    await channel.close()
    await server.close()
  }

  @Test func `a call that is refused twice is UNAVAILABLE`() async throws {
    let requests = Progress()
    let server = try await RawServer { event, connection, _ in
      guard case .request(let stream) = event else { return }
      requests.step()
      connection.session.reset(stream, .refusedStream)
    }
    let channel = Self.channel(server)
    let ending = await code { _ = try await channel.unary(EchoService.echo, [1], Self.options) }
    #expect(ending == .unavailable)
    #expect(requests.count == 2)
    await channel.close()
    await server.close()
  }

  /// The server takes the first stream only, and says so when the second has come.
  @Test func `a call above GOAWAY's last stream is sent again on the next connection`() async throws
  {
    let requests = Progress()
    let server = try await RawServer { event, connection, _ in
      guard case .request(let stream) = event else { return }
      requests.step()
      switch (connection.number, stream.id) {
      case (0, 1): break
      case (0, _):
        // GOAWAY, last stream 1, no error.
        connection.mute()
        connection.send([0, 0, 8, 7, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0])
      default: connection.answer(stream)
      }
    }
    let channel = Self.channel(server)
    async let stuck = code {
      _ = try await channel.unary(EchoService.echo, [1], CallOptions(timeoutMs: 3_000))
    }
    #expect(await eventually { requests.count == 1 })
    #expect(try await channel.unary(EchoService.echo, [2], Self.options) == [])
    #expect(requests.count == 3)
    #expect(await stuck == .deadlineExceeded)
    await channel.close()
    await server.close()
  }

  @Test func `a stream that was not taken is sent again with what it had written`() async throws {
    let requests = Progress()
    let service = EchoService()
    try await withServers([service]) { _, addresses in
      let server = try await RawServer { event, connection, _ in
        guard case .request(let stream) = event else { return }
        requests.step()
        guard requests.count == 1 else { return connection.answer(stream) }
        connection.session.reset(stream, .refusedStream)
        connection.session.finalGoAway()
      }
      let refusing = ServerAddress(host: "127.0.0.1", port: server.port)
      let channel = GRPCClientChannel(
        ClientConfiguration(servers: [refusing] + addresses, random: SeededRandom()))
      while requests.count == 0 {
        let count = try await channel.serverStreaming(
          EchoService.list, RawMessage("3"), Self.options
        ) { (answers: ResponseStream<RawMessage>) in
          try await answers.reduce(into: 0) { count, _ in count += 1 }
        }
        // Three from the service; one from the first server, which takes it the second time.
        #expect(count == 3 || count == 1)
      }
      await channel.close()
      await server.close()
    }
  }

  /// Messages over what may wait to be sent, one by one and all together.
  @Test(.timeLimit(.minutes(10)), arguments: [(100, 1_000), (3, 65_536)])
  func `what a call writes while it waits to be sent again is sent too, and waits its turn`(
    count: Int, size: Int
  ) async throws {
    let goOn = Box<(@Sendable () -> Void)?>(nil)
    let received = Box(0)
    var limits = HTTP2Limits()
    limits.streamWindowBytes = 1_024
    let server = try await RawServer(limits: limits) { event, connection, _ in
      switch (event, connection.number) {
      case (.request, 0):
        // GOAWAY, last stream 0, no error.
        connection.mute()
        connection.send([0, 0, 8, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])
      case (.opened, 1):
        connection.mute()
        let unmute = connection.unmuting()
        goOn.change { $0 = unmute }
      case (.ended(let stream), 1):
        let bytes = connection.bodyBytes
        received.change { $0 = bytes }
        connection.answer(stream)
      default: break
      }
    }
    let channel = Self.channel(server)
    let written = Progress()
    async let answer: RawMessage = channel.clientStreaming(EchoService.count) {
      (requests: RequestWriter<RawMessage>) in
      for number in 0..<count {
        try await requests.write(RawMessage([UInt8](repeating: 1, count: size)))
        written.step()
        if number == 0 { #expect(await eventually { goOn.value != nil }) }
      }
    }
    #expect(await eventually { goOn.value != nil })
    // Time for a writer that is not held back to come to its end.
    try await ContinuousClock().sleep(for: .milliseconds(200))
    #expect(written.count < count)
    goOn.value?()
    #expect(try await answer.bytes.isEmpty)
    #expect(received.value == count * (size + 5))
    await channel.close()
    await server.close()
  }

  @Test func `a connection whose stream numbers are used up is followed by another`() async throws {
    let opened = Progress()
    let server = try await RawServer { event, connection, _ in
      if case .opened = event { opened.step() }
      if case .request(let stream) = event { connection.answer(stream) }
    }
    var limits = TransportLimits.client
    limits.http2.requestsMax = 10
    let channel = GRPCClientChannel(
      ClientConfiguration(
        host: "127.0.0.1", port: server.port, random: SeededRandom(), limits: limits))
    for _ in 0..<100 {
      #expect(try await channel.unary(EchoService.echo, [1], Self.options) == [])
    }
    #expect(opened.count == 10)
    await channel.close()
    await server.close()
  }

  @Test func `a call whose answer has begun is not sent again`() async throws {
    let requests = Progress()
    let server = try await RawServer { event, connection, _ in
      guard case .request(let stream) = event else { return }
      requests.step()
      connection.begin(stream)
      connection.session.reset(stream, .refusedStream)
    }
    let channel = Self.channel(server)
    let ending = await code { _ = try await channel.unary(EchoService.echo, [1], Self.options) }
    #expect(ending == .unavailable)
    #expect(requests.count == 1)
    await channel.close()
    await server.close()
  }

  @Test func `a call that a lost connection may have taken is not sent again`() async throws {
    let requests = Progress()
    let server = try await RawServer { event, connection, _ in
      guard case .request = event else { return }
      requests.step()
      connection.close()
    }
    let channel = Self.channel(server)
    let ending = await code { _ = try await channel.unary(EchoService.echo, [1], Self.options) }
    #expect(ending == .unavailable)
    #expect(requests.count == 1)
    await channel.close()
    await server.close()
  }
}
