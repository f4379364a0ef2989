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
  public func write(_ message: Message) async throws {
    try await self.sink.write(try message.written(by: .service))
  }
}
