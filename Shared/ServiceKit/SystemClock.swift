public import DomainModel
internal import Glibc

/// The machine's wall clock; the only place in the house that reads it and that sleeps on it.
public struct SystemClock: TimeSource {
  /// How long one sleep lasts at most before the clock is read again, so that a clock that was set
  /// forward is noticed.
  static let sleepMsMax: Int64 = 60_000

  /// The clock.
  public init() {}

  /// The instant now (UTC).
  public func now() -> Timestamp {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Timestamp(
      milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
  }

  /// Returns once the deadline is reached; throws `CancellationError` if cancelled before.
  public func sleep(until deadline: Timestamp) async throws {
    while true {
      let remaining = deadline.milliseconds - self.now().milliseconds
      if remaining <= 0 { return try Task.checkCancellation() }
      try await Task.sleep(for: .milliseconds(min(remaining, Self.sleepMsMax)))
    }
  }
}
