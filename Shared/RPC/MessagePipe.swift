import DomainModel
import Synchronization

/// A bounded flow of messages inside one process: one writer, one reader, either may wait for the
/// other.
final class MessagePipe: MessageSource, MessageSink {
  /// How many messages the writer may be ahead.
  static let messagesMax = 16

  private typealias Reader = CheckedContinuation<[UInt8]?, any Error>
  private typealias Writer = CheckedContinuation<Void, any Error>

  private enum End {
    case finished
    case failed(ServiceError)
  }

  private struct State {
    var messages: [[UInt8]] = []
    /// Set by `finish`, `fail` and `close`; nothing is written after it.
    var end: End?
    /// Set when the reader has gone: what is written is discarded.
    var isUnread = false
    var reader: Reader?
    var writer: Writer?
  }

  private let state = Mutex(State())
  /// Told before each message that is written.
  private let onWrite: (@Sendable () -> Void)?

  init(onWrite: (@Sendable () -> Void)? = nil) {
    self.onWrite = onWrite
  }

  func next() async throws -> [UInt8]? {
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { self.read($0) }
    } onCancel: {
      self.state.withLock { $0.reader.take() }?.resume(throwing: ServiceError.cancelled)
    }
  }

  /// Inside a process nothing is compressed.
  func write(_ message: [UInt8], compressed: Bool?) async throws {
    self.onWrite?()
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { self.write(message, $0) }
    } onCancel: {
      self.state.withLock { $0.writer.take() }?.resume(throwing: ServiceError.cancelled)
    }
  }

  func finish() async {
    self.end(.finished)
  }

  /// Ends the flow with an error, which the reader meets after the messages written before.
  func fail(_ error: ServiceError) {
    self.end(.failed(error))
  }

  /// Says that nobody reads any more: what is written from now on is discarded.
  func discard() {
    let writer = self.state.withLock { state in
      state.isUnread = true
      state.messages.removeAll()
      return state.writer.take()
    }
    writer?.resume()
  }

  private func read(_ continuation: Reader) {
    let (result, writer) = self.state.withLock { state in
      var result: Result<[UInt8]?, any Error>?
      if !state.messages.isEmpty {
        result = .success(state.messages.removeFirst())
      } else if case .failed(let error) = state.end {
        result = .failure(error)
      } else if case .finished = state.end {
        result = .success(nil)
      } else if Task.isCancelled {
        // Read under the lock, which `onCancel` takes too: a cancellation is seen here, or it finds
        // the reader there.
        result = .failure(ServiceError.cancelled)
      } else {
        precondition(state.reader == nil, "a flow of messages has one reader at a time")
        state.reader = continuation
      }
      let mayWrite = state.messages.count < Self.messagesMax
      return (result, mayWrite ? state.writer.take() : nil)
    }
    writer?.resume()
    if let result { continuation.resume(with: result) }
  }

  private func write(_ message: [UInt8], _ continuation: Writer) {
    let (result, reader) = self.state.withLock { state in
      if case .failed(let error) = state.end {
        return (Result<Void, any Error>?.some(.failure(error)), Reader?.none)
      }
      if state.end != nil || state.isUnread { return (.success(()), nil) }
      if Task.isCancelled { return (.failure(ServiceError.cancelled), nil) }
      if let reader = state.reader.take() { return (.success(()), reader) }
      state.messages.append(message)
      if state.messages.count < Self.messagesMax { return (.success(()), nil) }
      precondition(state.writer == nil, "a flow of messages has one writer at a time")
      state.writer = continuation
      return (nil, nil)
    }
    reader?.resume(returning: message)
    if let result { continuation.resume(with: result) }
  }

  private func end(_ end: End) {
    let (reader, writer) = self.state.withLock { state in
      guard state.end == nil else {
        return (Reader?.none, Writer?.none)
      }
      state.end = end
      return (state.reader.take(), state.writer.take())
    }
    switch end {
    case .finished:
      reader?.resume(returning: nil)
      writer?.resume()
    case .failed(let error):
      reader?.resume(throwing: error)
      writer?.resume(throwing: error)
    }
  }
}
