import DomainModel
import HTTP2
import RPC
import TestSupport
import Testing
import Transport

/// Servers that break off, break the protocol or say nothing: each call ends with a status, within
/// its bound, and the channel goes on to work.
@Suite struct MisbehavingServerTests {
  /// Makes three calls to a server that misbehaves on the second one; the others must succeed.
  /// Returns how the second ended.
  private static func ending(
    timeoutMs: Int64 = 10_000,
    _ misbehave: @escaping @Sendable (RawServer.Connection, HTTP2Stream) -> Void
  ) async throws -> ServiceError? {
    let isMarked = Box(false)
    let server = try await RawServer { fields in
      isMarked.change { $0 = fields["x-misbehave"] != nil }
    } _: { event, connection, _ in
      guard case .request(let stream) = event else { return }
      if isMarked.value { misbehave(connection, stream) } else { connection.answer(stream) }
    }
    var configuration = ClientConfiguration(
      host: "127.0.0.1", port: server.port, random: SeededRandom())
    configuration.backoff.firstMs = 20
    let channel = GRPCClientChannel(configuration)
    let patient = CallOptions(timeoutMs: 10_000, waitForReady: true)
    #expect(try await channel.unary(EchoService.echo, [], patient) == [])
    var ending: ServiceError?
    do {
      _ = try await channel.unary(
        EchoService.echo, [1],
        CallOptions(timeoutMs: timeoutMs, metadata: Metadata(["x-misbehave": "now"])))
    } catch {
      ending = error as? ServiceError
    }
    #expect(try await channel.unary(EchoService.echo, [2], patient) == [])
    await channel.close()
    await server.close()
    return ending
  }

  @Test func `a connection that is closed before the answer`() async throws {
    let error = try await Self.ending { connection, _ in connection.close() }
    #expect(error?.code == .unavailable)
  }

  @Test func `a connection that is closed within the answer`() async throws {
    let error = try await Self.ending { connection, stream in
      connection.begin(stream, [0, 0, 0, 0, 9, 1])
      connection.close()
    }
    #expect(error?.code == .unavailable)
  }

  @Test func `GOAWAY while a call is open, and then its answer`() async throws {
    let error = try await Self.ending { connection, stream in
      connection.session.finalGoAway()
      connection.answer(stream)
    }
    #expect(error == nil)
  }

  @Test func `GOAWAY with an error, and then the end`() async throws {
    let error = try await Self.ending { connection, _ in
      connection.session.goAway(.internalError, reason: "broken")
      connection.flush()
      connection.close()
    }
    #expect(error?.code == .unavailable)
  }

  /// Writes until the call has ended; returns how it did.
  private static func writeUntilEnded(_ sink: any MessageSink) async -> ServiceError.Code? {
    await code {
      while true { try await sink.write([]) }
    }
  }

  /// The gRPC project's mapping of HTTP/2 error codes (PROTOCOL-HTTP2, "Errors").
  static let resets: [(HTTP2ErrorCode, ServiceError.Code)] = [
    (.noError, .internal), (.protocolError, .internal), (.internalError, .internal),
    (.cancel, .cancelled), (.enhanceYourCalm, .resourceExhausted),
    (.inadequateSecurity, .permissionDenied),
  ]

  @Test(arguments: resets.indices)
  func `a reset instead of an answer`(_ index: Int) async throws {
    let (reset, code) = Self.resets[index]
    let error = try await Self.ending { connection, stream in
      connection.session.reset(stream, reset)
    }
    #expect(error?.code == code)
  }

  @Test func `a reset after the answer's header fields`() async throws {
    let error = try await Self.ending { connection, stream in
      connection.begin(stream)
      connection.session.reset(stream, .internalError)
    }
    #expect(error?.code == .internal)
  }

  @Test func `a reset within a message, and after a message`() async throws {
    for body: [UInt8] in [[0, 0, 0, 0, 9, 1], [0, 0, 0, 0, 1, 1]] {
      let error = try await Self.ending { connection, stream in
        connection.begin(stream, body)
        connection.session.reset(stream, .internalError)
      }
      #expect(error?.code == .internal)
    }
  }

  @Test func `an answer that never comes ends with the deadline`() async throws {
    let error = try await Self.ending(timeoutMs: 100) { _, _ in }
    #expect(error?.code == .deadlineExceeded)
  }

  @Test func `an answer that never ends ends with the deadline`() async throws {
    let error = try await Self.ending(timeoutMs: 100) { connection, stream in
      connection.begin(stream, [0, 0, 0, 0, 1, 1])
    }
    #expect(error?.code == .deadlineExceeded)
  }

  @Test func `an answer without a status`() async throws {
    let error = try await Self.ending { connection, stream in
      connection.begin(stream, [0, 0, 0, 0, 1, 1])
      connection.session.finish(stream)
    }
    #expect(error?.code == .internal)
  }

  /// Frames as they stand on the wire: what is wrong, and the bytes.
  static let brokenFrames: [(String, [UInt8])] = [
    ("garbage", Array("HTTP/1.1 400 Bad Request\r\n\r\n".utf8)),
    ("DATA on a stream nobody opened", [0, 0, 1, 0, 0, 0, 0, 0, 99, 7]),
    ("DATA on stream 0", [0, 0, 1, 0, 0, 0, 0, 0, 0, 7]),
    ("a frame over the size limit", [0xFF, 0xFF, 0xFF, 0, 0, 0, 0, 0, 1]),
    ("SETTINGS with half a setting", [0, 0, 3, 4, 0, 0, 0, 0, 0, 0, 1, 2]),
    ("a window that overflows", [0, 0, 4, 8, 0, 0, 0, 0, 0, 0x7F, 0xFF, 0xFF, 0xFF]),
    ("PUSH_PROMISE, which was forbidden", [0, 0, 4, 5, 4, 0, 0, 0, 1, 0, 0, 0, 2]),
    ("header fields that are no HPACK", [0, 0, 2, 1, 4, 0, 0, 0, 1, 0xFF, 0xFF]),
    ("CONTINUATION out of order", [0, 0, 1, 9, 4, 0, 0, 0, 1, 0x88]),
  ]

  @Test(arguments: brokenFrames.indices)
  func `bytes that break the protocol end the connection, and the call with it`(
    _ index: Int
  ) async throws {
    let error = try await Self.ending { connection, _ in
      connection.mute()
      connection.send(Self.brokenFrames[index].1)
    }
    #expect(
      error?.code == .unavailable || error?.code == .internal, "\(Self.brokenFrames[index].0)")
  }

  @Test func `half a frame, and then the end`() async throws {
    let error = try await Self.ending { connection, _ in
      connection.mute()
      connection.send([0, 0, 8, 6])
      connection.close()
    }
    #expect(error?.code == .unavailable)
  }

  /// The caller reads nothing, so the server may send a window's worth; it sends twice that.
  @Test func `a body over the stream's window is a reset, not memory`() async throws {
    let window = HTTP2Limits().streamWindowBytes
    let server = try await RawServer { event, connection, _ in
      guard case .request(let stream) = event else { return }
      connection.begin(stream)
      connection.mute()
      let message: [UInt8] = [0, 0, 0, 0x3F, 0xFB] + [UInt8](repeating: 7, count: 0x3FFB)
      for _ in 0..<(2 * window / message.count) {
        connection.send([0, 0x40, 0, 0, 0, 0, 0, 0, UInt8(stream.id)] + message)
      }
    }
    let channel = GRPCClientChannel(
      ClientConfiguration(host: "127.0.0.1", port: server.port, random: SeededRandom()))
    var received = 0
    let error = await #expect(throws: ServiceError.self) {
      try await channel.streaming(EchoService.list, CallOptions(timeoutMs: 10_000)) {
        sink, source in
        #expect(await Self.writeUntilEnded(sink) == .internal)
        while let message = try await source.next() { received += message.count }
      }
    }
    #expect(error?.code == .internal)
    // What was read before the caller fell behind counts too: a socket read at most.
    #expect(received <= window + 65_536)
    await channel.close()
    await server.close()
  }

  @Test func `header fields over the limit are cut, and the call fails`() async throws {
    let error = try await Self.ending { connection, stream in
      connection.refuse(stream, 0, ["x-large": String(repeating: "x", count: 20_000)])
    }
    #expect(error != nil)
  }

  @Test func `a server that never speaks is no connection`() async throws {
    let server = try await RawServer { event, connection, _ in
      if case .opened = event { connection.mute() }
    }
    var configuration = ClientConfiguration(
      host: "127.0.0.1", port: server.port, random: SeededRandom())
    configuration.connectMs = 100
    let channel = GRPCClientChannel(configuration)
    let ending = await code {
      _ = try await channel.unary(EchoService.echo, [], CallOptions(timeoutMs: 10_000))
    }
    #expect(ending == .unavailable)
    await channel.close()
    await server.close()
  }

  @Test func `a server whose settings come late is waited for`() async throws {
    let server = try await RawServer { event, connection, _ in
      switch event {
      case .opened:
        connection.mute()
        connection.unmute(afterMs: 300)
      case .request(let stream): connection.answer(stream)
      case .ended, .pinged, .closed: break
      }
    }
    let channel = GRPCClientChannel(
      ClientConfiguration(host: "127.0.0.1", port: server.port, random: SeededRandom()))
    let answer = try await channel.unary(EchoService.echo, [], CallOptions(timeoutMs: 10_000))
    #expect(answer == [])
    await channel.close()
    await server.close()
  }

  @Test func `a server that closes every connection at once is not pressed`() async throws {
    let opened = Progress()
    let server = try await RawServer { event, connection, _ in
      guard case .opened = event else { return }
      opened.step()
      connection.close()
    }
    let channel = GRPCClientChannel(
      ClientConfiguration(host: "127.0.0.1", port: server.port, random: SeededRandom()))
    let ending = await code {
      _ = try await channel.unary(
        EchoService.echo, [], CallOptions(timeoutMs: 3_000, waitForReady: true))
    }
    #expect(ending == .deadlineExceeded)
    // Waits of 80, 160, 320, 640 and 1,280 ms at least.
    #expect((1...6).contains(opened.count))
    await channel.close()
    await server.close()
  }
}
