import NIOCore
import NIOPosix
import NIOSSL
import NIOTLS
import RPC
import TestSupport
import Testing
import Transport

/// What comes where a handshake should.
@Suite(.timeLimit(.minutes(10))) struct TLSHandshakeTests {
  /// Connects as a test says; returns the connection and whether the handshake went well.
  private static func connect(
    _ port: Int, _ change: (inout TLSConfiguration) -> Void
  ) async throws -> (channel: any Channel, isSecured: Bool) {
    var configuration = TLSConfiguration.makeClientConfiguration()
    configuration.certificateVerification = .none
    change(&configuration)
    let context = try NIOSSLContext(configuration: configuration)
    let loop = MultiThreadedEventLoopGroup.singleton.next()
    let secured = loop.makePromise(of: Bool.self)
    let channel = try await ClientBootstrap(group: loop)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandlers([
            NIOSSLClientHandler(context: context, serverHostname: nil), HandshakeWatch(secured),
          ])
        }
      }
      .connect(host: "127.0.0.1", port: port).get()
    return (channel, try await secured.futureResult.get())
  }

  @Test(arguments: [[], ["http/1.1"], ["h2c", "h3"]])
  func `a client that does not agree on h2 is closed`(_ protocols: [String]) async throws {
    let pair = try TLSPair.serverOnly()
    let logs = RecordedLogs()
    try await withSecureServer(pair.server, logger: logs.logger()) { _, port in
      let client = try await Self.connect(port) { $0.applicationProtocols = protocols }
      try await client.channel.closeFuture.get()
    }
    let line = logs.lines.first { $0.message == "TLS handshake failed" }
    #expect(line?.metadata["error"] == "the peer does not speak h2 (ALPN)")
  }

  @Test func `TLS 1.2 is spoken only where it is allowed`() async throws {
    var pair = try TLSPair.serverOnly()
    for oldest in OldestTLS.allCases {
      pair.server.oldest = oldest
      try await withSecureServer(pair.server) { _, port in
        let client = try await Self.connect(port) {
          $0.applicationProtocols = ["h2"]
          $0.maximumTLSVersion = .tlsv12
        }
        #expect(client.isSecured == (oldest == .tls12))
        try? await client.channel.close().get()
      }
    }
  }

  /// What is sent where a ClientHello should be.
  static let garbage: [[UInt8]] = [
    Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8), Array("GET / HTTP/1.1\r\n\r\n".utf8),
    [UInt8](repeating: 0xFF, count: 1 << 16), [UInt8](repeating: 0, count: 1 << 16),
    // The head of a record that promises more than one may hold.
    [22, 3, 1, 0xFF, 0xFF] + [UInt8](repeating: 1, count: 1 << 16),
  ]

  @Test(arguments: garbage)
  func `garbage is closed, and others do not notice`(_ bytes: [UInt8]) async throws {
    let pair = try TLSPair.mutual()
    try await withSecureServer(pair.server) { _, port in
      try await withSecureChannel(pair.client, port) { channel in
        #expect(await echoError(channel) == nil)
        for _ in 0..<20 {
          let raw = try await RawClient(port: port)
          try? await raw.send(bytes)
          try await raw.closed()
        }
        #expect(await echoError(channel) == nil)
      }
    }
  }

  /// How far a handshake comes before it stands still.
  static let halves: [[UInt8]] = [[], [22], [22, 3, 1, 2, 0, 1, 0, 1, 0xFC, 3, 3]]

  @Test(arguments: halves)
  func `a handshake that stands still is closed within its bound`(_ bytes: [UInt8]) async throws {
    let pair = try TLSPair.mutual()
    var limits = TransportLimits()
    limits.handshakeMs = 1_000
    try await withSecureServer(pair.server, limits: limits) { _, port in
      let raw = try await RawClient(port: port)
      // On a busy machine its bound may have passed by now.
      if !bytes.isEmpty { try? await raw.send(bytes) }
      try await raw.closed()
    }
  }

  @Test func `a drain whose bound passes tells its calls by TLS and ends`() async throws {
    let pair = try TLSPair.mutual()
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
    try await withSecureServer(pair.server, service) { server, port in
      try await withSecureChannel(pair.client, port) { channel in
        async let error = echoError(channel)
        #expect(await eventually { begun.count == 1 })
        // The bound passes at once: what is left is told and cut off.
        #expect(await !server.drain(within: 0))
        #expect(await error?.contains("SERVICE_STOPPING") == true)
        #expect(cancelled.count == 1)
      }
    }
  }
}

/// Tells how a handshake ends.
private final class HandshakeWatch: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private let secured: EventLoopPromise<Bool>

  init(_ secured: EventLoopPromise<Bool>) {
    self.secured = secured
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if case .handshakeCompleted? = event as? TLSUserEvent { self.secured.succeed(true) }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    self.secured.succeed(false)
  }

  func channelInactive(context: ChannelHandlerContext) {
    self.secured.succeed(false)
  }
}
