import Synchronization

/// How many lanes may still be sent beside those under way.
final class LaneSlots: Sendable {
  private static let freed: Topic = "freed"
  private let free: Mutex<Int>
  private let signals = SignalHub()

  init(_ count: Int) {
    self.free = Mutex(count)
  }

  /// How many are free, once there is one; throws `CancellationError`.
  func waitForFree() async throws -> Int {
    while true {
      let mark = self.signals.mark(Self.freed)
      let free = self.free.withLock { $0 }
      if free > 0 { return free }
      try await self.signals.wait(Self.freed, after: mark)
    }
  }

  func take() {
    self.free.withLock { $0 -= 1 }
  }

  func give() {
    self.free.withLock { $0 += 1 }
    self.signals.signal([Self.freed])
  }
}
