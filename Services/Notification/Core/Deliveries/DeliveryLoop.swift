import DomainModel
import Logging
import NotificationGateways
import Storage

/// Takes what is due to the gateway for as long as it runs.
///
/// Durable after each step: the claim (a try stands in the ledger), the gateway's own promise, the
/// mark. A crash between the last two sends the message again under the same id, so nothing is
/// lost, and a gateway that knows its ids delivers once.
struct DeliveryLoop: Sendable {
  let store: NotificationStore
  let gateway: any MessageGateway
  let settings: DeliverySettings
  /// A name that no other loop of this database has at any time.
  let owner: String
  let time: any TimeSource
  let random: any RandomSource
  let logger: Logger

  private enum Event: Sendable {
    case ended
    case woken
  }

  /// Delivers until the task is cancelled. A store that is out of order is waited for.
  func run() async throws {
    await self.takeOverIfExclusive()
    try await withThrowingTaskGroup(of: Event.self) { group in
      var underWay = 0
      var isWaiting = false
      var isToClaim = true
      while true {
        try Task.checkCancellation()
        let mark = self.store.store.signals.mark(NotificationStore.due)
        var nextDueAt: Timestamp?
        let free = self.settings.concurrencyMax - underWay
        if isToClaim, free > 0 {
          let claim = await self.claim(free)
          for message in claim.messages {
            group.addTask {
              await self.deliver(message)
              return .ended
            }
          }
          underWay += claim.messages.count
          isToClaim = claim.messages.count == free
          nextDueAt = claim.nextDueAt
        }
        if !isWaiting {
          isWaiting = true
          group.addTask { try await self.wait(after: mark, until: nextDueAt) }
        }
        switch try await group.next() {
        case .ended: underWay -= 1
        case .woken, nil:
          isWaiting = false
          isToClaim = true
        }
      }
    }
  }

  /// Claims what is due now and delivers it one by one; returns how many messages were tried. For
  /// tests that take one step at a time.
  func deliverOnce() async throws -> Int {
    let claim = try await self.store.claim(
      by: self.owner, through: self.gateway.name, limit: self.settings.concurrencyMax,
      leaseMs: self.settings.leaseMs)
    for message in claim.messages { await self.deliver(message) }
    return claim.messages.count
  }

  private func wait(
    after mark: SignalHub.Mark, until nextDueAt: Timestamp?
  ) async throws -> Event {
    let now = self.time.now()
    let poll = now.adding(milliseconds: self.settings.pollMs)
    let due = max(nextDueAt ?? poll, now.adding(milliseconds: 1))
    try await self.store.store.signals.wait(
      NotificationStore.due, after: mark, until: min(due, poll), by: self.time)
    return .woken
  }

  private func claim(_ limit: Int) async -> Claim {
    do {
      return try await self.store.claim(
        by: self.owner, through: self.gateway.name, limit: limit, leaseMs: self.settings.leaseMs)
    } catch {
      self.logger.warning("delivery: nothing was claimed: \(error)")
      return Claim(messages: [], nextDueAt: nil)
    }
  }

  private func takeOverIfExclusive() async {
    guard self.store.store.isExclusive else { return }
    do {
      try await self.store.takeOver(owner: self.owner)
    } catch {
      self.logger.warning("delivery: leases were not taken over: \(error)")
    }
  }
}

extension DeliveryLoop {
  /// One try: to the gateway, and its outcome into the store.
  private func deliver(_ claimed: ClaimedMessage) async {
    let (outcome, providerID) = await self.send(claimed)
    let jitter = self.random.jitter()
    let retrier = Retrier(time: self.time, random: self.random)
    do {
      let state = try await retrier.keepTrying(until: claimed.leaseUntil) {
        try await self.store.settle(
          claimed, outcome, providerID: providerID, self.settings.retries, jitter: jitter)
      }
      self.log(claimed, outcome, state)
    } catch {
      // The lease ends, and the message is tried again under the same id.
      self.logger.warning(
        "delivery: an outcome was not written down: \(error)",
        metadata: ["message.id": "\(claimed.id)"])
    }
  }

  private func send(_ claimed: ClaimedMessage) async -> (Delivery.Outcome, String?) {
    let message: OutgoingMessage
    do {
      let text = try self.store.text.openText(claimed.sealedText, row: claimed.id.text)
      message = OutgoingMessage(
        messageID: claimed.id.text,
        phone: try self.store.openPhone(claimed.sealedPhone, of: claimed.id), text: text,
        segments: SMSText.segments(of: text))
    } catch {
      return (.failed(code: "MESSAGE_UNREADABLE", mayBeRetried: false), nil)
    }
    let report = await self.gateway.send(message)
    let providerID = report.providerIDs.first ?? nil
    switch report.outcome {
    case .delivered(let at): return (.delivered(at: at), providerID)
    case .submitted: return (.delivered(at: self.time.now()), providerID)
    case .refused(let code, .forGood): return (.failed(code: code, mayBeRetried: false), nil)
    case .refused(let code, .forNow): return (.failed(code: code, mayBeRetried: true), nil)
    case .unknown(let code): return (.failed(code: code, mayBeRetried: true), nil)
    }
  }

  private func log(
    _ claimed: ClaimedMessage, _ outcome: Delivery.Outcome, _ state: MessageState?
  ) {
    var metadata: Logger.Metadata = [
      "message.id": "\(claimed.id)", "message.attempt": "\(claimed.attempt)",
      "message.state": "\(state?.rawValue ?? "claimed by another")",
    ]
    switch outcome {
    case .delivered:
      self.logger.info("message delivered", metadata: metadata)
    case .failed(let code, _):
      metadata["gateway.error"] = "\(code)"
      let level: Logger.Level = state == .dead ? .error : .warning
      self.logger.log(level: level, "message not taken", metadata: metadata)
    }
  }
}
