import Synchronization

/// How many connections a server has, on all its loops.
final class ConnectionCount: Sendable {
  private let max: Int
  private let count = Atomic<Int>(0)

  init(max: Int) {
    self.max = max
  }

  /// Counts one more; false if there are too many.
  func add() -> Bool {
    guard self.count.add(1, ordering: .relaxed).newValue <= self.max else {
      self.remove()
      return false
    }
    return true
  }

  func remove() {
    self.count.subtract(1, ordering: .relaxed)
  }
}
