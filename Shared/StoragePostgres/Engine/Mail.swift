import Storage
import Synchronization

/// The topics that other replicas are still to be told of, and the bell of who tells them.
final class Mail: Sendable {
  let bell = Bell()
  private let state = Mutex(State())

  private struct State {
    var topics: Set<Topic> = []
    var isClosed = false
  }

  func post(_ topics: Set<Topic>) {
    let wasEmpty = self.state.withLock { state in
      let wasEmpty = state.topics.isEmpty
      state.topics.formUnion(topics)
      return wasEmpty
    }
    if wasEmpty { self.bell.ring() }
  }

  /// All that was posted since.
  func take() -> Set<Topic> {
    self.state.withLock { state in
      defer { state.topics = [] }
      return state.topics
    }
  }

  var hasPost: Bool { self.state.withLock { !$0.topics.isEmpty } }

  var isClosed: Bool { self.state.withLock { $0.isClosed } }

  func close() {
    self.state.withLock { $0.isClosed = true }
    self.bell.ring()
  }
}
