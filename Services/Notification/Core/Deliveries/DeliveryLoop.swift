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
  let ledger: LedgerKeeper
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
    var rates = OperatorRates(self.settings.ratesPerSecond, at: self.time.now())
    try await withThrowingTaskGroup(of: Event.self) { group in
      var underWay = 0
      var isWaiting = false
      var isToClaim = true
      while true {
        try Task.checkCancellation()
        let mark = self.store.store.signals.mark(NotificationStore.due)
        let free = self.settings.concurrencyMax - underWay
        // A claim is a transaction, so it is worth making for many messages, not for each.
        if isToClaim, free >= self.claimMin {
          let claim = await self.claim(free, &rates)
          for message in claim.messages {
            group.addTask {
              await self.deliver(message)
              return .ended
            }
          }
          underWay += claim.messages.count
          isToClaim = claim.isMore
          if claim.isMore, self.settings.concurrencyMax - underWay >= self.claimMin { continue }
        }
        if !isWaiting {
          isWaiting = true
          let from = rates.next(self.time.now())
          group.addTask { try await self.wait(after: mark, from: from) }
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

  private var claimMin: Int { max(1, self.settings.concurrencyMax / 4) }

  /// Claims what is due now and delivers it one by one, until nothing is due; returns how many
  /// times a message was tried. For tests that take one step at a time.
  func deliverOnce() async throws -> Int {
    var rates = OperatorRates([:], at: self.time.now())
    var tried = 0
    while true {
      let claim = try await self.store.claim(
        self.request(self.settings.concurrencyMax, rates.free(Int.max, at: self.time.now())))
      for message in claim.messages { await self.deliver(message) }
      tried += claim.messages.count
      if claim.messages.isEmpty, !claim.isMore { return tried }
    }
  }

  private func wait(
    after mark: SignalHub.Mark, from: [MobileOperator: Timestamp]
  ) async throws -> Event {
    let poll = self.time.now().adding(milliseconds: self.settings.pollMs)
    // A store that is out of order is asked again at the next poll.
    let nextDueAt = try? await self.store.nextDueAt(from: from)
    let due = max(nextDueAt ?? poll, self.time.now().adding(milliseconds: 1))
    try await self.store.store.signals.wait(
      NotificationStore.due, after: mark, until: min(due, poll), by: self.time)
    return .woken
  }

  private func claim(_ limit: Int, _ rates: inout OperatorRates) async -> Claim {
    do {
      let free = rates.free(limit, at: self.time.now())
      let claim = try await self.store.claim(self.request(limit, free))
      for message in claim.messages { rates.take(message.mobileOperator) }
      return claim
    } catch {
      self.logger.warning("delivery: nothing was claimed: \(error)")
      return Claim()
    }
  }

  private func request(_ limit: Int, _ free: [MobileOperator: Int]) -> ClaimRequest {
    ClaimRequest(
      owner: self.owner, gateway: self.gateway.name, limit: limit,
      leaseMs: self.gateway.sendMsMax + self.settings.leaseMs, free: free)
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
    let report = await self.send(claimed)
    let ended = EndedTry(claimed: claimed, report: report, jitter: self.random.jitter())
    let retrier = Retrier(time: self.time, random: self.random)
    do {
      let state = try await retrier.keepTrying(until: claimed.leaseUntil) {
        try await self.ledger.keep(ended)
      }
      self.log(claimed, report, state)
    } catch {
      // The lease ends, and the message is tried again under the same id.
      self.logger.warning(
        "delivery: an outcome was not written down: \(error)",
        metadata: ["message.id": "\(claimed.id)"])
    }
  }

  private func send(_ claimed: ClaimedMessage) async -> TryReport {
    let message: OutgoingMessage
    do {
      let text = try self.store.text.openText(claimed.sealedText, row: claimed.id.text)
      message = OutgoingMessage(
        messageID: claimed.id.text, attempt: claimed.attempt,
        phone: try self.store.openPhone(claimed.sealedPhone, of: claimed.id), text: text,
        segments: SMSText.segments(of: text), expiresAt: claimed.notAfter)
    } catch {
      return TryReport(
        gateway: self.gateway.name,
        answer: .refused(code: "MESSAGE_UNREADABLE", isForGood: true), providerIDs: [], repeats: 0)
    }
    return TryReport(await self.gateway.send(message))
  }

  private func log(
    _ claimed: ClaimedMessage, _ report: TryReport, _ state: MessageState?
  ) {
    var metadata: Logger.Metadata = [
      "message.id": "\(claimed.id)", "message.attempt": "\(claimed.attempt)",
      "message.state": "\(state?.rawValue ?? "gone")", "gateway": "\(report.gateway)",
    ]
    switch report.answer {
    case .delivered:
      self.logger.info("message delivered", metadata: metadata)
    case .submitted:
      self.logger.info("message submitted", metadata: metadata)
    case .refused(let code, _, _), .unknown(let code):
      metadata["gateway.error"] = "\(code)"
      let level: Logger.Level = state == .dead ? .error : .warning
      self.logger.log(level: level, "message not taken", metadata: metadata)
    }
  }
}

extension TryReport {
  /// What a gateway reports, in the words of the queue.
  init(_ report: SendReport) {
    let answer: Delivery.Answer =
      switch report.outcome {
      case .delivered(let at): .delivered(at: at)
      case .submitted: .submitted
      case .refused(let code, .forGood): .refused(code: code, isForGood: true)
      case .refused(let code, .forNow(let retryAfterMs)):
        .refused(code: code, isForGood: false, retryAfterMs: retryAfterMs)
      case .unknown(let code): .unknown(code: code)
      }
    self.init(
      gateway: report.gateway, answer: answer, providerIDs: report.providerIDs,
      repeats: report.repeats)
  }
}
