import DomainModel
import NotificationGateways
import ServiceCore
import Storage

/// How a try ended, as its gateway reports it.
struct TryReport: Hashable, Sendable {
  /// Which gateway it was in the end.
  let gateway: String
  let answer: Delivery.Answer
  /// The provider's id of each segment; nil where none is known. One for the whole, or none, where
  /// the gateway sends no segments.
  let providerIDs: [String?]
  /// How often a segment was handed over again without knowing whether the provider had it.
  let repeats: Int
}

/// A try that is over, to be written down.
struct EndedTry: Sendable {
  let claimed: ClaimedMessage
  let report: TryReport
  /// Any number.
  let jitter: UInt64

  var place: TryPlace { TryPlace(message: self.claimed.id, number: self.claimed.attempt) }
}

extension NotificationStore {
  /// Writes down how tries ended, and then what providers say of messages after they were sent, all
  /// of it or none; returns where the messages of the tries stand, nil where one is gone. `jitter`
  /// is any number.
  func settle(
    _ ended: [EndedTry], _ news: [GatewayNews], _ schedule: RetrySchedule, jitter: UInt64
  ) async throws -> [MessageState?] {
    try await self.store.write { transaction in
      let now = try transaction.databaseNow()
      var changes = QueueChanges()
      let states = try self.settle(transaction, ended, schedule, &changes, at: now)
      try self.keep(transaction, news, schedule, jitter, &changes, at: now)
      // Which row of the counters it is matters to nobody.
      let id = ended.first?.claimed.id ?? news.first.map { ID($0.itsID) }
      try self.count(transaction, changes, for: id)
      return states
    }
  }

  /// Where the lease had ended and somebody else has claimed the message since, the ledger learns
  /// of the try all the same: its receipts are to be known, and what has arrived is not sent again.
  private func settle(
    _ transaction: Transaction, _ ended: [EndedTry], _ schedule: RetrySchedule,
    _ changes: inout QueueChanges, at now: Timestamp
  ) throws -> [MessageState?] {
    var messages = try self.rows(transaction, ended.map(\.claimed.id))
    let known = ended.filter { messages[$0.claimed.id] != nil }
    let early = try self.insertSegments(transaction, of: known, messages)
    return try ended.map { one in
      // Taken out, because it changes: another try of it in this batch reads it again.
      let before =
        try messages.removeValue(forKey: one.claimed.id) ?? self.row(transaction, one.claimed.id)
      guard let before else { return nil }
      return try self.settle(
        transaction, one, before, hasEarly: early.contains(one.place), schedule, &changes, at: now)
    }
  }

  private func settle(
    _ transaction: Transaction, _ ended: EndedTry, _ before: QueuedMessage, hasEarly: Bool,
    _ schedule: RetrySchedule, _ changes: inout QueueChanges, at now: Timestamp
  ) throws -> MessageState {
    let (claimed, report, jitter) = (ended.claimed, ended.report, ended.jitter)
    try self.close(transaction, claimed, report, at: now)
    let early = hasEarly ? try self.takeEarly(transaction, ended) : nil
    var delivery = before.delivery
    let isCurrent = before.fence == claimed.fence
    if isCurrent {
      delivery.end(report.answer, repeats: report.repeats, at: now, schedule, jitter: jitter)
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
      try self.save(transaction, before, delivery, .happened(at: now), &changes)
    }
    return delivery.state
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

  /// Writes the segments that receipts may come for; returns the tries of which some came before.
  private func insertSegments(
    _ transaction: Transaction, of ended: [EndedTry], _ messages: [ID<Message>: QueuedMessage]
  ) throws -> Set<TryPlace> {
    var segments: [PlacedSegment] = []
    for one in ended {
      let count = messages[one.claimed.id]?.segments ?? 0
      segments += one.report.segments(of: one.place, count: count)
    }
    try self.insert(transaction, segments)
    return try self.placesOfEarly(transaction, segments)
  }

  /// What the receipts say that came before their answer.
  private func takeEarly(
    _ transaction: Transaction, _ ended: EndedTry
  ) throws -> TryVerdict? {
    var isEarly = false
    for (position, id) in ended.report.providerIDs.enumerated() {
      guard let id else { continue }
      let receipts = try self.takeEarly(transaction, ended.report.gateway, id)
      for receipt in receipts {
        try self.take(transaction, receipt, at: position, of: ended.place)
      }
      isEarly = isEarly || !receipts.isEmpty
    }
    return isEarly ? try self.judge(transaction, ended.place) : nil
  }
}

extension TryReport {
  /// The segments that receipts may come for, of a text that has `count`.
  fileprivate func segments(of place: TryPlace, count: Int) -> [PlacedSegment] {
    var ids = self.providerIDs
    var missing = TryState.submitted
    switch self.answer {
    case .delivered: return []
    case .submitted: break
    case .refused:
      if !ids.contains(where: { $0 != nil }) { return [] }
      missing = .failed
    case .unknown:
      // Answers may still come, for any of them.
      if ids.isEmpty { ids = Array(repeating: nil, count: count) }
    }
    return ids.enumerated().map { position, id in
      PlacedSegment(
        place: place, position: position, gateway: self.gateway,
        segment: SegmentRecord(providerID: id, state: id == nil ? missing : .submitted))
    }
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
