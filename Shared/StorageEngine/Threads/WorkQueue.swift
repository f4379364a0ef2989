/// A bounded queue between callers and the threads that serve them.
package final class WorkQueue<Item: Sendable>: @unchecked Sendable {
  package enum Admission {
    case admitted
    case full
    case closed
  }

  private let monitor = Monitor()
  private let waitingMax: Int
  private var items: [Item] = []
  private var sleepers = 0
  private var isClosed = false

  package init(waitingMax: Int) {
    self.waitingMax = waitingMax
  }

  package var count: Int { self.monitor.withLock { self.items.count } }

  package func add(_ item: Item) -> Admission {
    self.monitor.withLock {
      if self.isClosed { return .closed }
      if self.items.count >= self.waitingMax { return .full }
      self.items.append(item)
      if self.sleepers > 0 { self.monitor.wake() }
      return .admitted
    }
  }

  /// Takes an item out again; false if a thread has taken it already.
  package func remove(where isIt: (Item) -> Bool) -> Bool {
    self.monitor.withLock {
      guard let index = self.items.firstIndex(where: isIt) else { return false }
      self.items.remove(at: index)
      return true
    }
  }

  /// The oldest items, at most `limit`, once there is one; nil once the queue is closed and empty.
  package func take(limit: Int) -> [Item]? {
    self.monitor.withLock {
      while self.items.isEmpty {
        if self.isClosed { return nil }
        self.sleepers += 1
        self.monitor.wait()
        self.sleepers -= 1
      }
      if self.items.count <= limit {
        let taken = self.items
        self.items = []
        return taken
      }
      let taken = Array(self.items.prefix(limit))
      self.items.removeFirst(limit)
      return taken
    }
  }

  /// Refuses new items; what waits is still served.
  package func close() {
    self.monitor.withLock {
      self.isClosed = true
      self.monitor.wake()
    }
  }
}
