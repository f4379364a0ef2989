import DomainModel

/// Where a message stands.
enum MessageState: String, Hashable, Sendable, CaseIterable {
  /// Waiting to be sent, for the first time or again. May become `delivered` or `dead`.
  case queued
  /// A gateway has taken it. The end.
  case delivered
  /// Given up after the last try or a definite refusal. May become `queued` by a replay.
  case dead
  /// Cancelled before it was sent. The end.
  case cancelled
  /// Not sent by the end of its time. The end.
  case expired
}

/// What is known of a message's way to its recipient. A pure machine: the store keeps what it says.
struct Delivery: Hashable, Sendable {
  private(set) var state: MessageState
  /// Tries begun since the message was enqueued, whatever became of them.
  private(set) var attempts: Int
  /// Tries since the last replay that failed for certain. Tries that a crash cut off are no
  /// failures.
  private(set) var failures: Int
  /// Not tried before; meaningful while `queued`.
  private(set) var nextAttemptAt: Timestamp
  private(set) var deliveredAt: Timestamp?
  /// The last gateway error's code; empty where there was none.
  private(set) var lastError: String

  /// A message queued at `now`, to be tried at once, or in its time.
  init(queuedAt now: Timestamp, in time: SendingTime? = nil) {
    self.init(
      state: .queued, attempts: 0, failures: 0,
      nextAttemptAt: max(now, time?.notBefore ?? now))
  }

  /// A delivery read from a row.
  init(
    state: MessageState, attempts: Int, failures: Int, nextAttemptAt: Timestamp,
    deliveredAt: Timestamp? = nil, lastError: String = ""
  ) {
    self.state = state
    self.attempts = attempts
    self.failures = failures
    self.nextAttemptAt = nextAttemptAt
    self.deliveredAt = deliveredAt
    self.lastError = lastError
  }

  /// How a try ended.
  enum Outcome: Hashable, Sendable {
    case delivered(at: Timestamp)
    /// The gateway's code, and whether it may take the message later.
    case failed(code: String, mayBeRetried: Bool)
  }

  /// It is not to be sent any more: its time is over, or nobody wants it sent.
  mutating func withdraw(as state: MessageState) {
    self.state = state
  }

  /// A try begins; nobody else tries before `leaseUntil`.
  mutating func begin(leaseUntil: Timestamp) {
    self.attempts += 1
    self.nextAttemptAt = leaseUntil
  }

  /// A try has ended. `jitter` is any number.
  mutating func end(
    _ outcome: Outcome, at now: Timestamp, _ schedule: RetrySchedule, jitter: UInt64
  ) {
    switch outcome {
    case .delivered(let at):
      self.state = .delivered
      self.deliveredAt = at
      self.lastError = ""
    case .failed(let code, let mayBeRetried):
      self.failures += 1
      self.lastError = code
      if mayBeRetried, self.failures < schedule.triesMax {
        let delayMs = schedule.backoff.delayMs(failures: self.failures, jitter: jitter)
        self.nextAttemptAt = now.adding(milliseconds: delayMs)
      } else {
        self.state = .dead
      }
    }
  }

  /// Puts a dead letter back into the queue, with all its tries before it; throws
  /// `MESSAGE_NOT_DEAD` for any other.
  mutating func replay(at now: Timestamp) throws {
    guard self.state == .dead else {
      throw ServiceError(.messageNotDead, metadata: ["current_state": self.state.rawValue])
    }
    self.state = .queued
    self.failures = 0
    self.nextAttemptAt = now
  }
}
