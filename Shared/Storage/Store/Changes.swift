public import DomainModel

/// Says when to read again: at once, after each signal of a topic, and each second all the same.
///
/// ```swift
/// for try await _ in Changes(of: "application", in: store, by: time) {
///   let page = try await store.read { try Self.page($0, after: cursor) }
///   …
/// }
/// ```
public struct Changes: AsyncSequence, Sendable {
  /// How long a watcher waits for a signal before it looks anyway, in milliseconds.
  public static let pollMs: Int64 = 1_000

  private let topic: Topic
  private let signals: SignalHub
  private let time: any TimeSource

  /// The changes of a topic; they end when the store's hub is finished, because the process stops.
  public init(of topic: Topic, in store: any Store, by time: any TimeSource) {
    self.topic = topic
    self.signals = store.signals
    self.time = time
  }

  /// An iterator; the first `next` returns at once.
  public func makeAsyncIterator() -> Iterator {
    Iterator(topic: self.topic, signals: self.signals, time: self.time)
  }

  /// Waits for one change after another.
  public struct Iterator: AsyncIteratorProtocol {
    fileprivate let topic: Topic
    fileprivate let signals: SignalHub
    fileprivate let time: any TimeSource
    private var mark: SignalHub.Mark?

    fileprivate init(topic: Topic, signals: SignalHub, time: any TimeSource) {
      self.topic = topic
      self.signals = signals
      self.time = time
    }

    /// Returns when it is time to read, nil when the process stops; throws `CancellationError`.
    public mutating func next() async throws -> Void? {
      try Task.checkCancellation()
      if self.signals.isFinished { return nil }
      if let mark = self.mark {
        try await self.signals.wait(
          self.topic, after: mark, until: self.time.now().adding(milliseconds: Changes.pollMs),
          by: self.time)
        if self.signals.isFinished { return nil }
      }
      // Taken before the reader reads, so that a change made while it reads is not slept through.
      self.mark = self.signals.mark(self.topic)
      return ()
    }
  }
}
