import DomainModel

/// Whether the other side is still there: it is asked after some silence (`enquire_link`, active
/// test), and given up when it does not answer.
struct Pulse: Sendable {
  enum Step: Hashable, Sendable {
    case wait, ask, giveUp
  }

  private let begunAt: Timestamp
  private var heardAt: Timestamp
  private var askedAt: Timestamp?
  private var asked = 0

  init(_ now: Timestamp) {
    self.begunAt = now
    self.heardAt = now
  }

  /// A whole PDU came.
  mutating func heard(_ now: Timestamp) {
    self.heardAt = now
    self.askedAt = nil
    self.asked = 0
  }

  /// What is to be done now. Before it is open there is nothing to ask: the answer to the login is
  /// waited for.
  mutating func next(_ now: Timestamp, _ limits: CarrierLimits, isOpen: Bool) -> Step {
    guard isOpen else {
      return self.begunAt.adding(milliseconds: limits.answerMs) <= now ? .giveUp : .wait
    }
    if let askedAt = self.askedAt {
      guard askedAt.adding(milliseconds: limits.answerMs) <= now else { return .wait }
      guard self.asked < limits.probesMax else { return .giveUp }
    } else if self.heardAt.adding(milliseconds: limits.idleMs) > now {
      return .wait
    }
    self.askedAt = now
    self.asked += 1
    return .ask
  }
}
