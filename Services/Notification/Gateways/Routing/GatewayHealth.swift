package import DomainModel

/// When traffic leaves a gateway, and when it comes back.
public struct FailoverSettings: Hashable, Sendable {
  /// After how many sends in a row that failed traffic leaves.
  public var errorsMax = 5
  /// Within which time a receipt is expected, in milliseconds; 0 for as long as it takes.
  public var receiptMs: Int64 = 120_000
  /// How many of the last `receiptsJudged` may be late before traffic leaves.
  public var lateMax = 10
  /// How many receipts are looked at.
  public var receiptsJudged = 20
  /// After how long a gateway is tried again, in milliseconds.
  public var returnMs: Int64 = 30_000
  /// How many messages it must then carry before all come back.
  public var trialsMax = 3

  /// The defaults.
  public init() {}
}

/// Whether a gateway should get traffic. A pure machine: what is heard of its sends and receipts
/// in, a verdict out.
package struct GatewayHealth: Hashable, Sendable {
  /// Why traffic left.
  package enum Trouble: String, Hashable, Sendable {
    /// Sends failed.
    case errors
    /// Receipts came late, or not.
    case receipts
  }

  /// Where it stands.
  package enum State: Hashable, Sendable {
    case healthy
    case away(Trouble, until: Timestamp)
    /// A few messages show whether it is well again: how many were given, how many went well, and
    /// until when they may show it.
    case onTrial(Trouble, Trial)
  }

  /// How a trial stands.
  package struct Trial: Hashable, Sendable {
    let until: Timestamp
    var given = 0
    var passed = 0
  }

  /// Where it stands.
  package private(set) var state = State.healthy
  private let settings: FailoverSettings
  private var errors = 0
  /// The last receipts: whether each was late.
  private var late: [Bool] = []

  /// A gateway of which nothing is known.
  package init(_ settings: FailoverSettings) {
    self.settings = settings
  }

  /// Whether it gets the next message; if it is on trial, that counts as given.
  package mutating func takesNext(_ now: Timestamp) -> Bool {
    switch self.state {
    case .healthy: return true
    case .away(let trouble, let until):
      return until <= now && self.give(trouble, self.newTrial(now))
    case .onTrial(let trouble, let trial):
      return self.give(trouble, trial.until <= now ? self.newTrial(now) : trial)
    }
  }

  /// A trial that shows nothing in time, because nobody answered for its messages, begins anew.
  private func newTrial(_ now: Timestamp) -> Trial {
    Trial(until: now.adding(milliseconds: self.settings.returnMs + self.settings.receiptMs))
  }

  private mutating func give(_ trouble: Trouble, _ trial: Trial) -> Bool {
    guard trial.given < self.settings.trialsMax else { return false }
    var trial = trial
    trial.given += 1
    self.state = .onTrial(trouble, trial)
    return true
  }

  /// A send went well.
  package mutating func sent(_ now: Timestamp) {
    self.errors = 0
    if case .onTrial(.errors, _) = self.state { self.pass() }
  }

  /// A send failed.
  package mutating func failed(_ now: Timestamp) {
    self.errors += 1
    if case .onTrial = self.state { return self.leave(.errors, now) }
    if self.state == .healthy, self.errors >= self.settings.errorsMax { self.leave(.errors, now) }
  }

  /// A receipt came in time, or has not.
  package mutating func receipt(isLate: Bool, _ now: Timestamp) {
    if case .onTrial(.receipts, _) = self.state {
      return isLate ? self.leave(.receipts, now) : self.pass()
    }
    guard self.state == .healthy else { return }
    self.late.append(isLate)
    if self.late.count > self.settings.receiptsJudged { self.late.removeFirst() }
    if self.late.count(where: { $0 }) > self.settings.lateMax { self.leave(.receipts, now) }
  }

  private mutating func leave(_ trouble: Trouble, _ now: Timestamp) {
    self.state = .away(trouble, until: now.adding(milliseconds: self.settings.returnMs))
    self.errors = 0
    self.late = []
  }

  private mutating func pass() {
    guard case .onTrial(let trouble, var trial) = self.state else { return }
    trial.passed += 1
    self.state = trial.passed >= self.settings.trialsMax ? .healthy : .onTrial(trouble, trial)
  }
}
