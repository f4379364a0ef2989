import Synchronization

/// What handlers have seen, in order.
final class SeenNames: Sendable {
  private let seen = Mutex<[String]>([])

  var names: [String] { self.seen.withLock { $0 } }

  func add(_ name: String) {
    self.seen.withLock { $0.append(name) }
  }
}
