import DomainModel
import ServiceKit
import Synchronization

/// The clock of services in this process: it goes as the machine's does, and leaps forward when it
/// is told to. It never goes back.
final class LeapingClock: TimeSource {
  /// So long after a leap everybody sees it who sleeps, in milliseconds.
  static let lookMs: Int64 = 40

  private let machine = SystemClock()
  /// How far it is behind the machine's clock, in milliseconds.
  private let behindMs: Atomic<Int64>

  /// A clock that begins at an instant.
  init(at instant: Timestamp) {
    self.behindMs = Atomic(SystemClock().now().milliseconds - instant.milliseconds)
  }

  func now() -> Timestamp {
    self.machine.now().adding(milliseconds: -self.behindMs.load(ordering: .relaxed))
  }

  func sleep(until deadline: Timestamp) async throws {
    while true {
      let left = deadline.milliseconds - self.now().milliseconds
      if left <= 0 { return try Task.checkCancellation() }
      try await self.machine.sleep(milliseconds: min(left, Self.lookMs))
    }
  }

  /// Leaps to an instant, unless it is there already.
  func leap(to instant: Timestamp) {
    let left = instant.milliseconds - self.now().milliseconds
    if left > 0 { self.behindMs.subtract(left, ordering: .relaxed) }
  }
}
