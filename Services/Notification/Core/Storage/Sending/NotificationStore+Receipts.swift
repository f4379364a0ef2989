import DomainModel
import NotificationGateways
import ServiceCore
import Storage

extension NotificationStore {
  /// Writes down what providers say of messages after they were sent. What nobody knows is kept:
  /// the answer to its submit may be on its way.
  func keep(
    _ transaction: Transaction, _ news: [GatewayNews], _ schedule: RetrySchedule,
    _ jitter: UInt64, _ changes: inout QueueChanges, at now: Timestamp
  ) throws {
    for one in news {
      switch one {
      case .receipt(let receipt):
        try self.keep(transaction, receipt, schedule, jitter, &changes, at: now)
      case .lateAnswer(let answer):
        try self.keep(transaction, answer, schedule, jitter, &changes, at: now)
      }
    }
  }

  private func keep(
    _ transaction: Transaction, _ receipt: DeliveryReceipt, _ schedule: RetrySchedule,
    _ jitter: UInt64, _ changes: inout QueueChanges, at now: Timestamp
  ) throws {
    let known = EarlyReceipt(
      state: TryState(receipt.state), code: receipt.code, at: receipt.at)
    let row = try transaction.row(
      """
      SELECT message_id, number, position, provider_id, state, code, receipt_at, receipts
      FROM segment
      WHERE provider_id = \(receipt.providerID) AND gateway = \(receipt.gateway)
      ORDER BY message_id DESC, number DESC LIMIT 1
      """)
    guard let row else {
      try self.keepEarly(transaction, known, receipt.gateway, receipt.providerID, at: now)
      changes.add(.earlyReceipts, 1)
      return
    }
    let place = TryPlace(message: try row.id("message_id"), number: try row.int("number"))
    var segment = try SegmentRecord(row)
    segment.receive(known.state, code: known.code, at: known.at)
    try self.update(transaction, segment, at: row.int("position"), of: place)
    guard let message = try self.row(transaction, place.message) else { return }
    // A text of one segment is what its segment is.
    let segments =
      message.segments == 1 ? [segment] : try self.segments(transaction, of: place).map(\.segment)
    try self.follow(
      transaction, place, TryVerdict(segments), message, schedule, jitter, &changes, at: now)
  }

  private func keep(
    _ transaction: Transaction, _ answer: LateAnswer, _ schedule: RetrySchedule,
    _ jitter: UInt64, _ changes: inout QueueChanges, at now: Timestamp
  ) throws {
    let place = TryPlace(message: ID(answer.messageID), number: answer.attempt)
    guard let message = try self.row(transaction, place.message) else { return }
    // The report of the send may still be on its way.
    let unanswered = PlacedSegment(
      place: place, position: answer.segment, gateway: answer.gateway,
      segment: SegmentRecord(providerID: nil))
    try self.insert(transaction, [unanswered])
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
    let verdict = TryVerdict(try self.segments(transaction, of: place).map(\.segment))
    try self.follow(transaction, place, verdict, message, schedule, jitter, &changes, at: now)
  }

  /// What a try has become changes its message.
  private func follow(
    _ transaction: Transaction, _ place: TryPlace, _ verdict: TryVerdict,
    _ before: QueuedMessage, _ schedule: RetrySchedule, _ jitter: UInt64,
    _ changes: inout QueueChanges, at now: Timestamp
  ) throws {
    if verdict.state == .delivered, before.delivery.state == .delivered,
      try !self.isDelivered(transaction, place)
    {
      // The handset has had it from another try.
      changes.add(.knownDuplicates, 1)
    }
    try self.note(transaction, verdict, of: place)
    var delivery = before.delivery
    delivery.learn(
      verdict, of: place.number, isUnderWay: !before.owner.isEmpty, at: now, schedule,
      jitter: jitter)
    if delivery != before.delivery {
      try self.save(transaction, before, delivery, .happened(at: now), &changes)
    }
  }

  /// Whether the ledger says of a try that it has arrived.
  private func isDelivered(_ snapshot: Snapshot, _ place: TryPlace) throws -> Bool {
    try snapshot.exists(
      """
      SELECT 1 FROM attempt WHERE message_id = \(place.message) AND number = \(place.number)
        AND stage = 'delivered'
      """)
  }
}

extension GatewayNews {
  /// Of whom it is, by whichever id it names.
  var itsID: String {
    switch self {
    case .receipt(let receipt): receipt.providerID
    case .lateAnswer(let answer): answer.messageID
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
