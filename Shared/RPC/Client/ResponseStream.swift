import DomainModel

/// The answers a server streams, in order. The server is held back while the reader is behind.
///
/// It can be gone through once, by one task, inside the closure it was given to.
public struct ResponseStream<Message: WireMessage>: AsyncSequence, Sendable {
  private let source: any MessageSource

  /// A stream over a transport's bytes.
  public init(_ source: any MessageSource) {
    self.source = source
  }

  /// Goes through the answers.
  public struct AsyncIterator: AsyncIteratorProtocol {
    fileprivate let source: any MessageSource

    /// The next answer; nil when the server has ended the call well. Throws `ServiceError` with the
    /// call's status otherwise.
    public mutating func next() async throws -> Message? {
      guard let bytes = try await self.source.next() else { return nil }
      return try Message.parsed(bytes, sentBy: .service)
    }
  }

  /// Begins to go through the answers.
  public func makeAsyncIterator() -> AsyncIterator {
    AsyncIterator(source: self.source)
  }
}

/// Where a client writes the requests of a streaming call.
public struct RequestWriter<Message: WireMessage>: Sendable {
  private let sink: any MessageSink

  /// A writer onto a transport's bytes.
  public init(_ sink: any MessageSink) {
    self.sink = sink
  }

  /// Writes one request; suspends while the server reads too slowly. Throws `ServiceError` with the
  /// call's status if it has failed meanwhile.
  ///
  /// `compressed` is the choice for this one message on a call that is compressed
  /// (`CallOptions.compression`): true also if it is tiny; nil leaves it to its size.
  public func write(_ message: Message, compressed: Bool? = nil) async throws {
    try await self.sink.write(try message.written(by: .caller), compressed: compressed)
  }

  /// Says that no further request comes; the answers can still be read. In a cancelled task it says
  /// nothing: what was being written may have been cut short, and the service must not take it for
  /// the whole. The call then ends as cancelled when its caller leaves it.
  public func finish() async {
    if Task.isCancelled { return }
    await self.sink.finish()
  }
}
