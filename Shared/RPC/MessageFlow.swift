/// The reading end of a flow of messages, as bytes. One reader at a time.
public protocol MessageSource: Sendable {
  /// The next message; nil once the other side has finished well.
  ///
  /// Throws `ServiceError` with the call's status if the call ended otherwise. Suspends while there
  /// is none; what the other side may send ahead meanwhile is bounded.
  func next() async throws -> [UInt8]?
}

/// The writing end of a flow of messages, as bytes.
public protocol MessageSink: Sendable {
  /// Writes one message; suspends while the reader is too far behind.
  ///
  /// `compressed` is nil for what the call says, or the choice for this one message; true has no
  /// effect on a call that is not compressed.
  ///
  /// Throws `ServiceError` with the call's status if the call has failed. Once the other side has
  /// ended the call well, what is written is discarded.
  func write(_ message: [UInt8], compressed: Bool?) async throws
  /// Says that no further message comes. A second call does nothing.
  func finish() async
}

extension MessageSink {
  /// Writes one message, compressed if the call is.
  public func write(_ message: [UInt8]) async throws {
    try await self.write(message, compressed: nil)
  }
}
