import HTTP2
import NIOCore
import RPC
import TestSupport
import Testing

@testable import Transport

/// Peers that send and take a byte now and then, to hold on to what others need.
@Suite struct SlowPeerTests {
  /// One tick a quarter of a second, so that a bound of two seconds is eight.
  private static func limits() -> TransportLimits {
    var limits = TransportLimits()
    limits.requestMs = 1_000
    limits.stalledMs = 2_000
    limits.stalledBytesMin = 100
    return limits
  }

  private static func ticks(
    _ need: Patience.Need, until max: Int, bytes: (Int) -> Patience.Bytes
  ) -> (verdict: Patience.Verdict, ticks: Int) {
    var patience = Patience(Self.limits())
    for tick in 1...max {
      let verdict = patience.tick(need, bytes(tick))
      if verdict != .waits { return (verdict, tick) }
    }
    return (.waits, max)
  }

  @Test func `a message that drips in is late, however many bytes come`() {
    let need = Patience.Need(message: 3, isReading: true, isWriting: false)
    let ending = Self.ticks(need, until: 100) { Patience.Bytes(received: $0, sent: 0) }
    #expect(ending == (.requestIsLate, 4))
  }

  @Test func `each message has its own time`() {
    var patience = Patience(Self.limits())
    for tick in 0..<100 {
      let need = Patience.Need(message: tick / 2, isReading: true, isWriting: false)
      #expect(patience.tick(need, Patience.Bytes(received: tick, sent: 0)) == .waits)
    }
  }

  @Test func `a caller that takes a byte now and then is stalled`() {
    let need = Patience.Need(message: nil, isReading: false, isWriting: true)
    let ending = Self.ticks(need, until: 100) { Patience.Bytes(received: 0, sent: $0) }
    #expect(ending == (.isStalled, 8))
  }

  @Test func `a caller that takes enough may take for ever`() {
    let need = Patience.Need(message: nil, isReading: false, isWriting: true)
    let ending = Self.ticks(need, until: 1_000) { Patience.Bytes(received: 0, sent: 13 * $0) }
    #expect(ending == (.waits, 1_000))
  }

  @Test func `a handler that waits for a message while it sends is not stalled`() {
    let need = Patience.Need(message: nil, isReading: true, isWriting: false)
    let ending = Self.ticks(need, until: 100) { Patience.Bytes(received: 0, sent: $0) }
    #expect(ending == (.waits, 100))
  }

  @Test func `half a frame closes its connection, though its calls go on`() async throws {
    var limits = TransportLimits()
    limits.frameMs = 500
    try await withLoopback(limits: limits) { channel, _, port in
      let client = try await RawClient(port: port)
      #expect(try await client.call(RawClient.fields(), [0, 0, 0, 0, 0]).grpcStatus == "0")
      // The head of a DATA frame of 100 bytes, and one of them.
      try await client.send([0, 0, 100, 0, 0, 0, 0, 0, 1, 7])
      try await client.closed()
      let answer: RawMessage = try await channel.unary(EchoService.echo, RawMessage("on"))
      #expect(answer.text == "on")
    }
  }

  @Test func `connections of one address over their bound are closed at once`() async throws {
    var limits = TransportLimits()
    limits.connectionsPerAddressMax = 1
    try await withLoopback(limits: limits) { channel, _, port in
      let _: RawMessage = try await channel.unary(EchoService.echo, RawMessage())
      let second = try await RawClient(port: port)
      try await second.closed()
      let _: RawMessage = try await channel.unary(EchoService.echo, RawMessage())
    }
  }

  @Test func `a network is an IPv4 address, or half of an IPv6 address`() throws {
    func network(_ address: String) throws -> PeerNetwork? {
      PeerNetwork(try SocketAddress(ipAddress: address, port: 1))
    }
    #expect(try network("192.0.2.1") == network("192.0.2.1"))
    #expect(try network("192.0.2.1") != network("192.0.2.2"))
    #expect(try network("2001:db8::1") == network("2001:db8::ffff"))
    #expect(try network("2001:db8::1") != network("2001:db8:0:1::1"))
  }
}
