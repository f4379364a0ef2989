import DomainModel
import Synchronization

/// The transport's end of a call inside one process: carries metadata back to the caller as a wire
/// would, header fields before the first message and trailers at the end.
final class InProcessLink: CallLink {
  private struct State {
    var hasSentHeaders = false
    var hasAnswered = false
    var trailers = Metadata()
    var isOver = false
  }

  private let options: CallOptions
  private let deadline: Timestamp?
  private let clock: any TimeSource
  private let state = Mutex(State())

  init(_ options: CallOptions, deadline: Timestamp?, clock: any TimeSource) {
    self.options = options
    self.deadline = deadline
    self.clock = clock
  }

  var remainingMs: Int64? {
    self.deadline.map { max($0.milliseconds - self.clock.now().milliseconds, 0) }
  }

  /// Nothing is compressed where there are no bytes to save.
  var isRequestCompressed: Bool { false }
  func compressAnswers() -> Bool { false }

  func sendHeaders(_ metadata: Metadata) {
    let isOver = self.state.withLock { state in
      precondition(
        !state.hasSentHeaders && !state.hasAnswered, "header fields leave once, and first")
      state.hasSentHeaders = true
      return state.isOver
    }
    if !isOver { self.options.onResponseMetadata?(metadata) }
  }

  func addTrailers(_ metadata: Metadata) {
    self.state.withLock { $0.trailers.append(metadata) }
  }

  /// A message is about to leave, and the header fields before it if they have not.
  func answer() {
    let isFirst = self.state.withLock { state in
      defer { state.hasAnswered = true }
      return !state.hasSentHeaders && !state.hasAnswered && !state.isOver
    }
    if isFirst { self.options.onResponseMetadata?(Metadata()) }
    self.options.onAnswer?(false)
  }

  /// The call has ended by the server's word.
  func end() {
    let trailers = self.state.withLock { state -> Metadata? in
      defer { state.isOver = true }
      return state.isOver ? nil : state.trailers
    }
    if let trailers { self.options.onTrailers?(trailers) }
  }
}
