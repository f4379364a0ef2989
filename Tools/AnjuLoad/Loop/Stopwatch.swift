/// Microseconds since a run began.
struct Stopwatch: Sendable {
  private let start = ContinuousClock.now

  /// How long ago the run began, in µs.
  var nowUs: Int64 {
    let parts = (ContinuousClock.now - self.start).components
    return parts.seconds * 1_000_000 + parts.attoseconds / 1_000_000_000_000
  }

  /// Waits until so many µs after the beginning.
  func sleep(untilUs instant: Int64) async throws {
    try await Task.sleep(
      until: self.start + .microseconds(instant), tolerance: .zero, clock: .continuous)
  }
}
