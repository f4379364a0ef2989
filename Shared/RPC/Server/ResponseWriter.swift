import DomainModel

/// Where a handler writes the answers of a streaming call.
public struct ResponseWriter<Message: WireMessage>: Sendable {
  private let sink: any MessageSink

  /// A writer onto a transport's bytes; made by the router and by tests.
  public init(_ sink: any MessageSink) {
    self.sink = sink
  }

  /// Writes one answer; suspends while the caller reads too slowly. Throws `ServiceError` when the
  /// call is over: cancelled, or out of time.
  ///
  /// `compressed` is the choice for this one message on a call that is compressed
  /// (`CallContext.compress`): true also if it is tiny; nil leaves it to its size.
  public func write(_ message: Message, compressed: Bool? = nil) async throws {
    try await self.sink.write(try message.written(by: .service), compressed: compressed)
  }
}
