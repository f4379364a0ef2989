internal import Synchronization

/// Room for so many at once.
final class Room: Sendable {
  private let free: Mutex<Int>

  init(for count: Int) {
    self.free = Mutex(count)
  }

  /// Takes a place; false if none is free.
  func enter() -> Bool {
    self.free.withLock { free in
      guard free > 0 else { return false }
      free -= 1
      return true
    }
  }

  /// Gives the place back.
  func leave() {
    self.free.withLock { $0 += 1 }
  }
}
