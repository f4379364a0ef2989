import DomainModel
import NotificationGateways
import ServiceCore
import Storage

extension NotificationStore {
  /// Writes down what providers say of messages after they were sent, all of it or none. What nobody
  /// knows is kept: the answer to its submit may be on its way.
  func keep(
    _ news: [GatewayNews], _ schedule: RetrySchedule, jitter: UInt64
  ) async throws {
    try await self.store.write { transaction in
      let now = try transaction.databaseNow()
      for one in news {
        switch one {
        case .receipt(let receipt):
          try self.keep(transaction, receipt, schedule, jitter, at: now)
        case .lateAnswer(let answer):
          try self.keep(transaction, answer, schedule, jitter, at: now)
        }
      }
    }
  }

  private func keep(
    _ transaction: Transaction, _ receipt: DeliveryReceipt, _ schedule: RetrySchedule,
    _ jitter: UInt64, at now: Timestamp
  ) throws {
    let known = EarlyReceipt(
      state: TryState(receipt.state), code: receipt.code, at: receipt.at)
    let row = try transaction.row(
      """
      SELECT message_id, number, position FROM segment
      WHERE provider_id = \(receipt.providerID) AND gateway = \(receipt.gateway)
      ORDER BY message_id DESC, number DESC LIMIT 1
      """)
    guard let row else {
      try self.keepEarly(transaction, known, receipt.gateway, receipt.providerID, at: now)
      // Which row it is counted in matters to nobody.
      try self.count(transaction, [.earlyReceipts: 1], for: ID(receipt.providerID))
      return
    }
    let place = TryPlace(message: try row.id("message_id"), number: try row.int("number"))
    try self.take(transaction, known, at: row.int("position"), of: place)
    try self.follow(transaction, place, schedule, jitter, at: now)
  }

  private func keep(
    _ transaction: Transaction, _ answer: LateAnswer, _ schedule: RetrySchedule,
    _ jitter: UInt64, at now: Timestamp
  ) throws {
    let place = TryPlace(message: ID(answer.messageID), number: answer.attempt)
    guard try self.row(transaction, place.message) != nil else { return }
    // The report of the send may still be on its way.
    try self.insert(
      transaction, SegmentRecord(providerID: nil), at: answer.segment, of: place, answer.gateway)
    let rows = try self.segments(transaction, of: place)
    guard var segment = rows.first(where: { $0.position == answer.segment })?.segment,
      segment.providerID == nil
    else { return }
    if let id = answer.providerID {
      segment.providerID = id
      try self.update(transaction, segment, at: answer.segment, of: place)
      for receipt in try self.takeEarly(transaction, answer.gateway, id) {
        try self.take(transaction, receipt, at: answer.segment, of: place)
      }
    } else {
      segment.learn(.failed, code: answer.code, at: now)
      try self.update(transaction, segment, at: answer.segment, of: place)
    }
    try self.follow(transaction, place, schedule, jitter, at: now)
  }

  /// What a try has become changes its message.
  private func follow(
    _ transaction: Transaction, _ place: TryPlace, _ schedule: RetrySchedule, _ jitter: UInt64,
    at now: Timestamp
  ) throws {
    let wasDelivered = try transaction.exists(
      """
      SELECT 1 FROM attempt WHERE message_id = \(place.message) AND number = \(place.number)
        AND stage = 'delivered'
      """)
    let verdict = try self.judge(transaction, place)
    guard let before = try self.row(transaction, place.message) else { return }
    if verdict.state == .delivered, !wasDelivered, before.delivery.state == .delivered {
      // The handset has had it from another try.
      try self.count(transaction, [.knownDuplicates: 1], for: before.id)
    }
    var delivery = before.delivery
    delivery.learn(
      verdict, of: place.number, isUnderWay: !before.owner.isEmpty, at: now, schedule,
      jitter: jitter)
    if delivery != before.delivery {
      try self.save(transaction, before, delivery, .happened(at: now))
    }
  }
}

extension TryState {
  fileprivate init(_ state: ReceiptState) {
    switch state {
    case .underWay: self = .submitted
    case .delivered: self = .delivered
    case .expired: self = .expired
    case .failed: self = .failed
    case .unknown: self = .unknown
    }
  }
}
