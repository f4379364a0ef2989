public import HTTP2

/// Every bound of a server or a client channel, with its default.
public struct TransportLimits: Hashable, Sendable {
  /// The longest message accepted, in bytes.
  public var messageBytesMax = 4_194_304
  /// How many bytes of answers may wait for a slow reader before the writer is held back.
  public var outboundBytesMax = 65_536
  /// How many bytes of requests one connection may have waiting for their handlers, all its calls
  /// together; a call that goes over it ends with `RESOURCE_EXHAUSTED`.
  public var connectionInboundBytesMax = 33_554_432
  /// How many calls may be open at once in a server, on all connections, each from its header
  /// fields until its handler and its stream have ended; more are refused with `RESOURCE_EXHAUSTED`
  /// and a retry delay.
  public var inFlightMax = 10_000
  /// How long a server waits for the one request message of a unary or server-streaming call, in
  /// milliseconds; a call that takes longer ends with `DEADLINE_EXCEEDED`.
  public var requestMs: Int64 = 30_000
  /// How long a call of a server may wait for its caller without a byte in either direction, in
  /// milliseconds: for the next message, or for room to send. After that it ends with
  /// `DEADLINE_EXCEEDED`.
  public var stalledMs: Int64 = 120_000
  /// How many connections a server keeps; further ones are closed at once.
  public var connectionsMax = 10_000
  /// How many calls of a client may wait for a connection.
  public var waitingCallsMax = 1_024
  /// How long a connection may take to say its first HTTP/2 words, in milliseconds.
  public var handshakeMs: Int64 = 10_000
  /// How long a connection of a server may have no call, in milliseconds.
  public var idleMs: Int64 = 600_000
  /// After how long without a byte from a peer that has open calls it is asked for a sign of life
  /// (PING), in milliseconds.
  public var keepAliveMs: Int64 = 30_000
  /// How long a peer may take to answer that before its connection is closed, in milliseconds.
  public var keepAliveTimeoutMs: Int64 = 10_000
  /// How long a connection that is being closed waits for its peer to take the last bytes and to
  /// close too, in milliseconds.
  public var lingerMs: Int64 = 1_000
  /// How long handlers may still take to end after a drain's bound has passed and they have been
  /// cancelled, in milliseconds.
  public var cancelledHandlersMs: Int64 = 2_000
  /// What one HTTP/2 connection may ask.
  public var http2 = HTTP2Limits()

  /// The defaults.
  public init() {}
}

// Silence is counted in ticks, so that no byte that comes or goes asks for the time.
extension TransportLimits {
  /// How often a loop looks at its connections, in milliseconds: once a second, or more often where
  /// a bound is short.
  var tickMs: Int64 {
    let bounds = [
      self.handshakeMs, self.idleMs, self.requestMs, self.stalledMs, self.keepAliveMs,
      self.keepAliveTimeoutMs,
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
  /// Callers say themselves who they are, so only this machine may reach the server.
  case notLoopback(host: String)
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
    case .notLoopback(let host):
      "\(host) is not a loopback address: while callers are known by metadata only, a server "
        + "listens on loopback"
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
