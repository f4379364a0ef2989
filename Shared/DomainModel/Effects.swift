/// Where time comes from. Handed in everywhere, so that the whole system can run under a simulated
/// clock; only executables and tests make one.
public protocol TimeSource: Sendable {
  /// The instant now (UTC).
  func now() -> Timestamp
  /// Returns once `now()` is at or past the deadline; throws `CancellationError` if the task is
  /// cancelled before.
  func sleep(until deadline: Timestamp) async throws
}

extension TimeSource {
  /// Returns once so many milliseconds have passed; throws `CancellationError` if the task is
  /// cancelled before.
  public func sleep(milliseconds: Int64) async throws {
    try await self.sleep(until: self.now().adding(milliseconds: milliseconds))
  }
}

/// Where randomness comes from: ids, salts, nonces, jitter.
public protocol RandomSource: Sendable {
  /// `count` bytes that nobody can predict (from a seed in tests).
  func bytes(_ count: Int) -> [UInt8]
}
