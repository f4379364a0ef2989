public import HTTP2

/// Every bound of a server or a client channel, with its default.
public struct TransportLimits: Hashable, Sendable {
  // Of a server and of a client channel.

  /// The longest message accepted, in bytes; of a compressed one its plain form.
  public var messageBytesMax = 4_194_304
  /// The longest message sent, in bytes before compression; a longer one ends its call with
  /// `RESOURCE_EXHAUSTED`. The default is what gRPC's prefix can say.
  public var sentMessageBytesMax = 4_294_967_295
  /// How many bytes of answers may wait for a slow reader before the writer is held back.
  public var outboundBytesMax = 65_536
  /// How long a call of a server may wait for its caller, in milliseconds: for the next message
  /// without a byte in either direction, or for room to send while fewer than `stalledBytesMin` are
  /// taken. After that it ends with `DEADLINE_EXCEEDED`; a connection whose socket takes nothing is
  /// closed.
  public var stalledMs: Int64 = 120_000
  /// After how long without a byte from a peer that has open calls it is asked for a sign of life
  /// (PING), in milliseconds.
  public var keepAliveMs: Int64 = 30_000
  /// Whether a peer without open calls is asked too.
  public var keepAliveWithoutCalls = false
  /// How long a peer may take to answer that before its connection is closed, in milliseconds.
  public var keepAliveTimeoutMs: Int64 = 10_000
  /// How long a connection that is being closed waits for its peer to take the last bytes and to
  /// close too, in milliseconds.
  public var lingerMs: Int64 = 1_000
  /// How many bytes the peer may still send during that wait.
  public var lingerBytesMax = 8_388_608
  /// What one HTTP/2 connection may ask.
  public var http2 = HTTP2Limits()

  // Of a server.

  /// How much time a caller must still give for a handler to be run, in milliseconds; with less the
  /// call ends with `DEADLINE_EXCEEDED` at once. 0 runs every call whose deadline has not passed.
  public var deadlineLeftMsMin: Int64 = 1
  /// How many bytes of requests one connection may have waiting for their handlers, all its calls
  /// together; a call that goes over it ends with `RESOURCE_EXHAUSTED`.
  public var connectionInboundBytesMax = 33_554_432
  /// How many calls may be open at once in a server, on all connections, each from its header
  /// fields until its handler and its stream have ended; more are refused with `RESOURCE_EXHAUSTED`
  /// and a retry delay.
  public var inFlightMax = 10_000
  /// How many bytes of requests a whole server may have waiting for their handlers. Each event loop
  /// has its share, but no less than one connection may have; a call that goes over it ends with
  /// `RESOURCE_EXHAUSTED`.
  public var serverInboundBytesMax = 268_435_456
  /// How many bytes of answers one connection may have waiting for its peer to take them; while
  /// there are more, its further calls end with `RESOURCE_EXHAUSTED`.
  public var connectionOutboundBytesMax = 33_554_432
  /// How many bytes of answers a whole server may have waiting. Each event loop has its share, but
  /// no less than one connection may have; over it, the connection that holds most is closed.
  public var serverOutboundBytesMax = 268_435_456
  /// How long a server waits for a message that a call cannot do without, in milliseconds: the only
  /// one of a unary or server-streaming call, or one that has begun. A call that takes longer ends
  /// with `DEADLINE_EXCEEDED`.
  public var requestMs: Int64 = 30_000
  /// How many bytes a caller must take within `stalledMs` while some wait for it.
  public var stalledBytesMin = 16_384
  /// How long one frame, or one header block of several, may take to come, in milliseconds; then
  /// the connection is closed.
  public var frameMs: Int64 = 30_000
  /// How many connections a server keeps; further ones are closed at once.
  public var connectionsMax = 10_000
  /// How many connections a server keeps from one address (of IPv6, from one network of 64 bits);
  /// further ones are closed at once. By default no bound of its own: gateways and load balancers
  /// bring everybody from one address.
  public var connectionsPerAddressMax = 1_000_000
  /// How long a connection may take to say its first HTTP/2 words, in milliseconds.
  public var handshakeMs: Int64 = 10_000
  /// How long a connection of a server may have no call, in milliseconds.
  public var idleMs: Int64 = 600_000
  /// How old a connection of a server may become, in milliseconds; then its client is told to open
  /// another one (GOAWAY), so that clients spread over servers that have come since. Each
  /// connection's age is off by up to `connectionAgeSpreadPercent`.
  public var connectionAgeMs: Int64 = 3_600_000
  /// How long the calls of such a connection may still go on, in milliseconds; then they end with
  /// `UNAVAILABLE`.
  public var connectionAgeGraceMs: Int64 = 600_000
  /// By how much connections' ages differ, in per cent of `connectionAgeMs`, so that those that
  /// came at once do not leave at once.
  public var connectionAgeSpreadPercent: Int64 = 10
  /// How long a client must wait from one ping to the next, in milliseconds, unless header fields
  /// or messages were sent to it in between; one that does not, more than `pingStrikesMax` times,
  /// gets GOAWAY `ENHANCE_YOUR_CALM` "too_many_pings".
  public var pingIntervalMinMs: Int64 = 10_000
  /// How many pings of a client may come too early.
  public var pingStrikesMax = 2
  /// How long handlers may still take to end after a drain's bound has passed and they have been
  /// cancelled, in milliseconds.
  public var cancelledHandlersMs: Int64 = 2_000

  // Of a client channel.

  /// How many calls of a client may wait for a connection, or for room on the open ones.
  public var waitingCallsMax = 1_024
  /// How many calls of a client may be open on one connection; a server's own limit
  /// (`SETTINGS_MAX_CONCURRENT_STREAMS`) counts where it is lower.
  public var callsPerConnectionMax = 10_000
  /// How many bytes that a client's call has written are kept until its answer begins, so that it
  /// can be sent again if the server never took it; a call that writes more is not.
  public var replayBytesMax = 65_536

  /// The defaults.
  public init() {}

  /// The defaults of a client: as the defaults, but it asks silent servers for a sign of life no
  /// more often than gRPC servers allow that are not set up otherwise (five minutes).
  public static var client: TransportLimits {
    var limits = TransportLimits()
    limits.keepAliveMs = 300_000
    return limits
  }
}

// For who sets limits and knows no HTTP/2.
extension TransportLimits {
  /// How many calls a peer may have open at once on one connection (`http2.concurrentStreamsMax`).
  public var concurrentStreamsMax: Int {
    get { self.http2.concurrentStreamsMax }
    set { self.http2.concurrentStreamsMax = newValue }
  }

  /// The longest list of header fields that is accepted, as HTTP/2 counts it
  /// (`http2.headerListBytesMax`).
  public var headerListBytesMax: Int {
    get { self.http2.headerListBytesMax }
    set { self.http2.headerListBytesMax = newValue }
  }
}

// Silence is counted in ticks, so that no byte that comes or goes asks for the time.
extension TransportLimits {
  /// How often a loop looks at its connections, in milliseconds: once a second, or more often where
  /// a bound is short.
  var tickMs: Int64 {
    let bounds = [
      self.handshakeMs, self.idleMs, self.requestMs, self.stalledMs, self.keepAliveMs,
      self.keepAliveTimeoutMs, self.connectionAgeMs, self.connectionAgeGraceMs, self.frameMs,
    ]
    return min(max((bounds.min() ?? 0) / 4, 10), 1_000)
  }

  /// How many ticks a bound is, at least one.
  func ticks(_ milliseconds: Int64) -> Int {
    let tickMs = self.tickMs
    return Int(max((milliseconds + tickMs - 1) / tickMs, 1))
  }
}

/// Why a server or a client channel cannot work as it was set up.
public enum TransportError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The router's authority believes what anybody on this machine could make, so only this machine
  /// may reach the server.
  case developmentNotLoopback(host: String)
  /// Without TLS nothing leaves this machine, from a server or from a client.
  case plaintextNotLoopback(host: String)
  /// TLS cannot be used as it was set up: a file, and what is wrong with it.
  case tlsUnusable(String)
  /// The address cannot be listened on.
  case cannotListen(host: String, port: Int, reason: String)
  /// The server was started twice, or after it had been drained.
  case startedTwice

  /// What is wrong and what to do about it.
  public var description: String {
    switch self {
    case .developmentNotLoopback(let host):
      "\(host) is not a loopback address: while tokens of the development key are believed, a "
        + "server listens on loopback only"
    case .plaintextNotLoopback(let host):
      "\(host) is not a loopback address: without TLS a server listens on loopback only, and a "
        + "client calls loopback only"
    case .tlsUnusable(let reason): "TLS cannot be used: \(reason)"
    case .cannotListen(let host, let port, let reason):
      "cannot listen on \(host):\(port): \(reason)"
    case .startedTwice: "a server starts once"
    }
  }
}
