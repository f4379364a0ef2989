import Foundation
import Synchronization

/// Nanoseconds since it was made, and the process's processor time since then.
public struct Stopwatch: Sendable {
  private let clock = ContinuousClock()
  private let start = ContinuousClock().now
  private let cpuBefore = Self.cpuNow()

  /// Begins.
  public init() {}

  /// How long ago that was.
  public func nanoseconds() -> UInt64 {
    let parts = (self.clock.now - self.start).components
    return UInt64(parts.seconds) * 1_000_000_000 + UInt64(parts.attoseconds / 1_000_000_000)
  }

  /// The same in seconds.
  public var seconds: Double { Double(self.nanoseconds()) / 1e9 }
  /// Processor time of the whole process since then, all threads, user and system.
  public var cpuSeconds: Double { Self.cpuNow() - self.cpuBefore }

  private static func cpuNow() -> Double {
    var used = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used)
    return Double(used.tv_sec) + Double(used.tv_nsec) / 1e9
  }
}

/// Numbers what is done, from 0.
public final class Counter: Sendable {
  private let value = Atomic<Int>(0)

  /// A counter at 0.
  public init() {}

  /// The next number.
  public func next() -> Int { self.value.add(1, ordering: .relaxed).oldValue }
}
