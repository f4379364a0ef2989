import StorageEngine

/// Lets a closure that has met others again and again run alone among its store's writers: then
/// only another replica can be in its way. All others run side by side.
final class Solitude: @unchecked Sendable {
  // All of it is touched with the monitor held.
  private let monitor = Monitor()
  private var running = 0
  private var wanting = 0
  private var isAlone = false

  /// Runs the body, beside others or alone.
  func run<Value>(alone: Bool, _ body: () throws -> Value) rethrows -> Value {
    alone ? self.enterAlone() : self.enter()
    defer { self.leave() }
    return try body()
  }

  private func enter() {
    self.monitor.withLock {
      // Whoever wants to be alone goes first, or would never be.
      while self.isAlone || self.wanting > 0 { self.monitor.wait() }
      self.running += 1
    }
  }

  private func enterAlone() {
    self.monitor.withLock {
      self.wanting += 1
      while self.isAlone || self.running > 0 { self.monitor.wait() }
      self.wanting -= 1
      self.isAlone = true
    }
  }

  private func leave() {
    self.monitor.withLock {
      if self.isAlone {
        self.isAlone = false
      } else {
        self.running -= 1
      }
      self.monitor.wake()
    }
  }
}
