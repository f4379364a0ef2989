/// What a caller may say about one call.
public struct CallOptions: Sendable {
  /// How long the caller waits, in milliseconds; nil for no limit of its own. When it has passed,
  /// the call ends with `DEADLINE_EXCEEDED`, here and at the server.
  public var timeoutMs: Int64?
  /// The request's metadata.
  public var metadata: Metadata
  /// Whether the call waits for a connection instead of failing with `UNAVAILABLE` at once while
  /// there is none. Bounded by `timeoutMs`.
  public var waitForReady: Bool

  /// Options; the defaults are no timeout, no metadata, no waiting.
  public init(
    timeoutMs: Int64? = nil, metadata: Metadata = Metadata(), waitForReady: Bool = false
  ) {
    self.timeoutMs = timeoutMs
    self.metadata = metadata
    self.waitForReady = waitForReady
  }
}
