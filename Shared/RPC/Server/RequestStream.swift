import DomainModel

/// The messages a caller streams, in order. The caller is held back while the handler is behind.
///
/// It can be gone through once, by one task.
public struct RequestStream<Message: WireMessage>: AsyncSequence, Sendable {
  private let source: any MessageSource

  /// A stream over a transport's bytes; made by the router and by tests.
  public init(_ source: any MessageSource) {
    self.source = source
  }

  /// Goes through the messages.
  public struct AsyncIterator: AsyncIteratorProtocol {
    fileprivate let source: any MessageSource

    /// The next message; nil when the caller has finished. Throws `ServiceError` when the call was
    /// cancelled, ran out of time, or sent bytes that are no such message (`INTERNAL`).
    public mutating func next() async throws -> Message? {
      guard let bytes = try await self.source.next() else { return nil }
      return try Message.parsed(bytes, sentBy: .caller)
    }
  }

  /// Begins to go through the messages.
  public func makeAsyncIterator() -> AsyncIterator {
    AsyncIterator(source: self.source)
  }
}
