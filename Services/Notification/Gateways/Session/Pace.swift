import DomainModel

/// How fast short messages may go: the window, narrower after the provider has said that it is too
/// much, and pauses in between. Half as many at once after each such answer, one more after as many
/// successes.
struct Pace: Sendable {
  private let windowMax: Int
  private let backoff: Backoff
  private var jitter: UInt64
  private(set) var window: Int
  private var successes = 0
  private var refusals = 0
  private var pausedUntil: Timestamp?

  init(windowMax: Int, backoff: Backoff, jitter: UInt64) {
    self.windowMax = windowMax
    self.window = windowMax
    self.backoff = backoff
    self.jitter = jitter
  }

  func isPaused(_ now: Timestamp) -> Bool {
    self.pausedUntil.map { now < $0 } ?? false
  }

  /// The provider has too much. All that were under way when it said so first count once.
  mutating func slowDown(_ now: Timestamp) {
    if self.isPaused(now) { return }
    self.refusals += 1
    self.successes = 0
    self.window = max(1, self.window / 2)
    self.jitter = self.jitter &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    let delayMs = self.backoff.delayMs(failures: self.refusals, jitter: self.jitter >> 16)
    self.pausedUntil = now.adding(milliseconds: delayMs)
  }

  mutating func speedUp() {
    self.refusals = 0
    guard self.window < self.windowMax else { return }
    self.successes += 1
    guard self.successes >= self.window else { return }
    self.successes = 0
    self.window += 1
  }
}
