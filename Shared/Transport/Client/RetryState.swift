import DomainModel

/// What a server says about making a call again (`grpc-retry-pushback-ms`).
enum Pushback: Hashable {
  case none
  /// Again after this many milliseconds.
  case after(Int64)
  /// Not again.
  case never

  /// Reads the trailer; anything but a number from zero up means never.
  init(_ text: String?) {
    guard let text else {
      self = .none
      return
    }
    guard let milliseconds = Int64(text), (0...Self.maxMs).contains(milliseconds) else {
      self = .never
      return
    }
    self = .after(milliseconds)
  }

  /// The longest wait that a server can ask for, in milliseconds.
  private static let maxMs: Int64 = 86_400_000
}

/// How one attempt at a call failed.
struct FailedAttempt {
  let error: ServiceError
  /// Whether the answer had begun: then the caller may have seen some of it.
  let hasAnswerBegun: Bool
  let pushback: Pushback
}

/// The attempts at one call and the wait before the next: a pure machine.
struct RetryState {
  private let policy: RetryPolicy
  private(set) var attempts = 0
  /// How many waits have been chosen here since the server chose one.
  private var waits = 0

  init(_ policy: RetryPolicy) {
    self.policy = policy
  }

  /// An attempt has failed. Returns how long to wait before the next one, in milliseconds; nil if
  /// there is none. `leftMs` is how long the caller still waits.
  mutating func failed(
    _ attempt: FailedAttempt, leftMs: Int64?, _ throttle: RetryThrottle, _ random: any RandomSource
  ) -> Int64? {
    self.attempts += 1
    let isRetryable = self.policy.codes.contains(attempt.error.code)
    if isRetryable || attempt.pushback == .never { throttle.failed() }
    guard isRetryable, !attempt.hasAnswerBegun, attempt.pushback != .never,
      self.attempts < self.policy.attemptsMax, throttle.allowsRetry
    else { return nil }
    var waitMs = self.waitMs(attempt.pushback, random)
    // RetryInfo: the server knows how long it will not take the call.
    waitMs = max(waitMs, attempt.error.retryDelayMs ?? 0)
    if let leftMs, waitMs >= leftMs { return nil }
    return waitMs
  }

  private mutating func waitMs(_ pushback: Pushback, _ random: any RandomSource) -> Int64 {
    if case .after(let milliseconds) = pushback {
      self.waits = 0
      return milliseconds
    }
    var wait = self.policy.firstMs
    for _ in 0..<self.waits where wait < self.policy.maxMs {
      wait = wait * self.policy.growthPercent / 100
    }
    self.waits += 1
    return random.jittered(min(wait, self.policy.maxMs), percent: RetryPolicy.jitterPercent)
  }
}
