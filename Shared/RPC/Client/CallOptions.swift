public import DomainModel

/// What a caller may say about one call.
public struct CallOptions: Sendable {
  /// How long the caller waits, in milliseconds; nil for no limit of its own. When it has passed,
  /// the call ends with `DEADLINE_EXCEEDED`, here and at the server; a call that has no time at all
  /// is not made.
  public var timeoutMs: Int64?
  /// The request's metadata. A call with metadata that may not be sent (`Metadata.check`) ends with
  /// `INTERNAL`.
  public var metadata: Metadata
  /// Whether the call waits for a connection instead of failing with `UNAVAILABLE` at once while
  /// there is none. Bounded by `timeoutMs`.
  public var waitForReady: Bool
  /// How requests are compressed, if they are: those of at least
  /// `MessageCompression.messageBytesMin`, unless `RequestWriter.write` says otherwise. A server
  /// that does not read it answers `UNIMPLEMENTED`. Answers are read compressed or not.
  public var compression: MessageCompression?
  /// The trace that the call stands in; set by `init(within:timeoutMs:)`.
  public var trace: TraceContext?
  /// Told the metadata of the answer's header fields, once, before the first answer is read. A call
  /// that the server ends before it has answered has none. Where a channel retries, it is told of
  /// the attempt that was answered, which is the last.
  ///
  /// This and the two below run on the connection's event loop and must not block.
  public var onResponseMetadata: (@Sendable (Metadata) -> Void)?
  /// Told the metadata of the trailers, once, before the call ends; not if the call ends without
  /// the server's word, such as by its timeout. Where a channel retries, of the last attempt only.
  public var onTrailers: (@Sendable (Metadata) -> Void)?
  /// Told for each answer, before it is read, whether it came compressed.
  public var onAnswer: (@Sendable (_ isCompressed: Bool) -> Void)?

  /// Options; the defaults are no timeout, no metadata, no waiting, no compression.
  public init(
    timeoutMs: Int64? = nil, metadata: Metadata = Metadata(), waitForReady: Bool = false,
    compression: MessageCompression? = nil
  ) {
    self.timeoutMs = timeoutMs
    self.metadata = metadata
    self.waitForReady = waitForReady
    self.compression = compression
  }

  /// Throws `INTERNAL` for metadata that may not be sent, and `DEADLINE_EXCEEDED` if the call has
  /// no time: transports ask before they make a call.
  public func check() throws(ServiceError) {
    if let timeoutMs = self.timeoutMs, timeoutMs <= 0 {
      throw ServiceError(
        code: .deadlineExceeded, message: "The call was not made: no time was left for it.")
    }
    if !self.metadata.entries.isEmpty { try self.metadata.check() }
  }
}
