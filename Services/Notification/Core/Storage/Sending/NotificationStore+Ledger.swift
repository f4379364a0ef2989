import DomainModel
import ServiceCore
import Storage

/// How a try ended, as its gateway reports it.
struct TryReport: Hashable, Sendable {
  /// Which gateway it was in the end.
  let gateway: String
  let answer: Delivery.Answer
  /// The provider's id of each segment; nil where none is known. One for the whole, or none, where the
  /// gateway sends no segments.
  let providerIDs: [String?]
  /// How often a segment was handed over again without knowing whether the provider had it.
  let repeats: Int
}

extension NotificationStore {
  /// Writes down how a try ended; returns where the message stands, nil where it is gone. Where the
  /// lease had ended and somebody else has claimed the message since, the ledger learns of it all the
  /// same: its receipts are to be known, and what has arrived is not sent again.
  func settle(
    _ claimed: ClaimedMessage, _ report: TryReport, _ schedule: RetrySchedule, jitter: UInt64
  ) async throws -> MessageState? {
    try await self.store.write { transaction in
      let now = try transaction.databaseNow()
      guard let before = try self.row(transaction, claimed.id) else { return nil }
      try self.close(transaction, claimed, report, at: now)
      let early = try self.write(transaction, claimed, report, before, at: now)
      var delivery = before.delivery
      let isCurrent = before.fence == claimed.fence
      if isCurrent {
        delivery.end(
          report.answer, repeats: report.repeats, at: now, schedule, jitter: jitter)
      } else if case .delivered(let at) = report.answer {
        delivery.learn(
          TryVerdict(deliveredAt: at), of: claimed.attempt, isUnderWay: true, at: now, schedule,
          jitter: jitter)
      }
      if let early {
        delivery.learn(
          early, of: claimed.attempt, isUnderWay: !isCurrent, at: now, schedule, jitter: jitter)
      }
      if isCurrent || delivery != before.delivery {
        try self.save(transaction, before, delivery, .happened(at: now))
      }
      return delivery.state
    }
  }

  private func close(
    _ transaction: Transaction, _ claimed: ClaimedMessage, _ report: TryReport,
    at now: Timestamp
  ) throws {
    let (state, code): (TryState, String?) =
      switch report.answer {
      case .delivered: (.delivered, nil)
      case .submitted: (.submitted, nil)
      case .refused(let code, _, _): (.failed, code)
      case .unknown(let code): (.unknown, code)
      }
    try transaction.execute(
      """
      UPDATE attempt SET ended_at = \(now), outcome = \(state.storedOutcome), stage = \(state),
        gateway = \(report.gateway), error_code = \(code),
        provider_id = \(report.providerIDs.first ?? nil)
      WHERE message_id = \(claimed.id) AND number = \(claimed.attempt)
      """)
  }

  /// Writes the segments that receipts may come for; returns what those say that came before.
  private func write(
    _ transaction: Transaction, _ claimed: ClaimedMessage, _ report: TryReport,
    _ message: QueuedMessage, at now: Timestamp
  ) throws -> TryVerdict? {
    var ids = report.providerIDs
    var missing = TryState.submitted
    switch report.answer {
    case .delivered: return nil
    case .submitted: break
    case .refused:
      if !ids.contains(where: { $0 != nil }) { return nil }
      missing = .failed
    case .unknown:
      // Answers may still come, for any of them.
      if ids.isEmpty { ids = Array(repeating: nil, count: message.segments) }
    }
    let place = TryPlace(message: claimed.id, number: claimed.attempt)
    for (position, id) in ids.enumerated() {
      let segment = SegmentRecord(providerID: id, state: id == nil ? missing : .submitted)
      try self.insert(transaction, segment, at: position, of: place, report.gateway)
    }
    var isEarly = false
    for (position, id) in ids.enumerated() {
      guard let id else { continue }
      let receipts = try self.takeEarly(transaction, report.gateway, id)
      for receipt in receipts { try self.take(transaction, receipt, at: position, of: place) }
      isEarly = isEarly || !receipts.isEmpty
    }
    return isEarly ? try self.judge(transaction, place) : nil
  }
}

/// Which try of which message.
struct TryPlace: Hashable, Sendable {
  let message: ID<Message>
  let number: Int
}

extension TryState {
  /// What `outcome` says to releases that know fewer: what a provider has is delivered.
  var storedOutcome: String? {
    switch self {
    case .running: nil
    case .submitted, .delivered: "delivered"
    case .failed, .expired: "failed"
    case .unknown: "unknown"
    }
  }
}
