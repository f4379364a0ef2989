/// A connection of bytes in both directions, for protocols that are not gRPC: the carriers'.
public protocol ByteStream: Sendable {
  /// The next bytes that came; nil when the peer has closed or the connection is lost. One task at
  /// a time may wait. It ends by `close`, not by the task's cancellation.
  func read() async -> [UInt8]?
  /// Sends bytes after those before them. Never waits: a peer that takes so little that more than a
  /// bound is waiting for it loses its connection.
  func write(_ bytes: [UInt8])
  /// Closes after so many milliseconds, in which what was written leaves and the peer may close
  /// first. The reader hears of the end then.
  func close(afterMs: Int64)
}

/// Opens streams.
public protocol StreamDialer: Sendable {
  /// A connection to a server given by name or number; throws if there is none in time.
  func dial(_ server: ServerAddress) async throws -> any ByteStream
}
