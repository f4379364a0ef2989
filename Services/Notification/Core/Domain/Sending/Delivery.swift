import DomainModel

/// What is known of a message's way to its recipient. A pure machine: the store keeps what it says.
struct Delivery: Hashable, Sendable {
  private(set) var state: MessageState
  /// Tries begun since the message was enqueued, whatever became of them.
  private(set) var attempts: Int
  /// Tries since the last replay that failed for certain. Tries that a crash cut off are no
  /// failures.
  private(set) var failures: Int
  /// While `queued`: not tried before. While `submitted`: until when receipts are waited for.
  private(set) var nextAttemptAt: Timestamp
  /// When its last provider took it; nil where none has.
  private(set) var submittedAt: Timestamp?
  private(set) var deliveredAt: Timestamp?
  /// When it came to its end, or to another one; nil before.
  private(set) var endedAt: Timestamp?
  /// The last gateway error's code; empty where there was none.
  private(set) var lastError: String
  /// Whether a provider may have the last try without our knowing: it runs, was cut off, or was not
  /// answered.
  private(set) var isInDoubt: Bool
  /// How many tries began while a provider might have had an earlier one.
  private(set) var possibleDuplicates: Int

  /// A message queued at `now`, to be tried at once, or in its time.
  init(queuedAt now: Timestamp, in time: SendingTime = .any) {
    self.init(
      state: .queued, attempts: 0, failures: 0,
      nextAttemptAt: max(now, time.notBefore ?? now))
  }

  /// A delivery read from a row.
  init(
    state: MessageState, attempts: Int, failures: Int, nextAttemptAt: Timestamp,
    submittedAt: Timestamp? = nil, deliveredAt: Timestamp? = nil, endedAt: Timestamp? = nil,
    lastError: String = "", isInDoubt: Bool = false, possibleDuplicates: Int = 0
  ) {
    self.state = state
    self.attempts = attempts
    self.failures = failures
    self.nextAttemptAt = nextAttemptAt
    self.submittedAt = submittedAt
    self.deliveredAt = deliveredAt
    self.endedAt = endedAt
    self.lastError = lastError
    self.isInDoubt = isInDoubt
    self.possibleDuplicates = possibleDuplicates
  }

  /// What a provider answered to a try.
  enum Answer: Hashable, Sendable {
    /// It has arrived; no receipt follows.
    case delivered(at: Timestamp)
    /// The provider has every segment.
    case submitted
    /// The provider has not got all of it. `retryAfterMs`: not again before, if it knows.
    case refused(code: String, isForGood: Bool, retryAfterMs: Int64? = nil)
    /// The provider may have it or not.
    case unknown(code: String)
  }

  /// It is not to be sent any more: its time is over, nobody wants it sent, or the recipient does
  /// not (`code`).
  mutating func withdraw(as state: MessageState, at now: Timestamp, code: String = "") {
    self.conclude(state, at: now)
    if !code.isEmpty { self.lastError = code }
  }

  /// A try begins; nobody else tries before `leaseUntil`.
  mutating func begin(leaseUntil: Timestamp) {
    if self.isInDoubt { self.possibleDuplicates += 1 }
    self.isInDoubt = true
    self.attempts += 1
    self.nextAttemptAt = leaseUntil
  }

  /// The provider has answered the try that is under way; `repeats`: how often the gateway handed a
  /// segment over again without knowing. `jitter` is any number.
  mutating func end(
    _ answer: Answer, repeats: Int = 0, at now: Timestamp, _ schedule: RetrySchedule,
    jitter: UInt64
  ) {
    self.possibleDuplicates += repeats
    if case .unknown = answer {} else { self.isInDoubt = false }
    if case .delivered(let at) = answer, self.state != .delivered {
      // Also where its time was over, or nobody wanted it any more, while it was under way.
      self.arrive(at: at, known: now)
    }
    guard self.state == .queued else { return }
    switch answer {
    case .delivered: return
    case .submitted:
      self.submit(at: now, schedule)
    case .refused(let code, let isForGood, let retryAfterMs):
      self.fail(code, isForGood: isForGood, after: retryAfterMs ?? 0, at: now, schedule, jitter)
    case .unknown(let code):
      self.fail(code, isForGood: false, after: 0, at: now, schedule, jitter)
    }
  }

  /// The segments of the `number`th try say how it fared, after its answer and in any order.
  /// `isUnderWay`: whether a later try may be with a gateway just now.
  mutating func learn(
    _ verdict: TryVerdict, of number: Int, isUnderWay: Bool, at now: Timestamp,
    _ schedule: RetrySchedule, jitter: UInt64
  ) {
    let isLast = number == self.attempts
    if isLast, !isUnderWay, [.submitted, .delivered, .failed, .expired].contains(verdict.state) {
      self.isInDoubt = false
    }
    switch verdict.state {
    case .delivered:
      if self.state != .delivered { self.arrive(at: verdict.at ?? now, known: now) }
    case .submitted:
      // An answer that came late: the try need not be made again.
      if self.state == .queued, isLast, !isUnderWay { self.submit(at: now, schedule) }
    case .failed:
      guard isLast, self.state == .submitted || self.state == .unknown else { return }
      let isForGood = !schedule.mayPass(verdict.code)
      self.fail(verdict.code, isForGood: isForGood, after: 0, at: now, schedule, jitter)
    case .expired:
      guard isLast, self.state == .submitted || self.state == .unknown else { return }
      self.lastError = verdict.code
      self.conclude(.expired, at: verdict.at ?? now)
    case .unknown:
      guard isLast, self.state == .submitted else { return }
      self.lastError = verdict.code
      self.conclude(.unknown, at: verdict.at ?? now)
    case .running: return
    }
  }

  /// Nobody has said in time what became of it.
  mutating func stopWaiting(at now: Timestamp) {
    guard self.state == .submitted else { return }
    self.conclude(.unknown, at: now)
  }

  /// Puts a dead letter back into the queue, with all its tries before it; throws
  /// `MESSAGE_NOT_DEAD` for any other.
  mutating func replay(at now: Timestamp) throws {
    guard self.state == .dead else {
      throw ServiceError(.messageNotDead, metadata: ["current_state": self.state.rawValue])
    }
    self.queue(from: now)
    self.failures = 0
  }

  private mutating func arrive(at instant: Timestamp, known now: Timestamp) {
    self.conclude(.delivered, at: now)
    self.deliveredAt = instant
    self.lastError = ""
  }

  private mutating func submit(at now: Timestamp, _ schedule: RetrySchedule) {
    self.state = .submitted
    self.submittedAt = now
    self.nextAttemptAt = now.adding(milliseconds: schedule.receiptWaitMs)
    self.lastError = ""
  }

  private mutating func fail(
    _ code: String, isForGood: Bool, after waitMs: Int64, at now: Timestamp,
    _ schedule: RetrySchedule, _ jitter: UInt64
  ) {
    self.failures += 1
    self.lastError = code
    if !isForGood, self.failures < schedule.triesMax {
      let delayMs = schedule.backoff.delayMs(failures: self.failures, jitter: jitter)
      self.queue(from: now.adding(milliseconds: max(delayMs, waitMs)))
    } else {
      self.conclude(.dead, at: now)
    }
  }

  private mutating func queue(from instant: Timestamp) {
    self.state = .queued
    self.endedAt = nil
    self.nextAttemptAt = instant
  }

  private mutating func conclude(_ state: MessageState, at instant: Timestamp) {
    self.state = state
    self.endedAt = instant
  }
}
