import DomainModel
import ServiceCore
import Storage

/// A message that this process may try until its lease ends; number and text still sealed.
struct ClaimedMessage: Sendable {
  let id: ID<Message>
  let fence: Int64
  /// Nobody else tries it before.
  let leaseUntil: Timestamp
  /// The number of this try, from 1.
  let attempt: Int
  let mobileOperator: MobileOperator
  /// From when on nobody is to get it.
  let notAfter: Timestamp?
  let sealedPhone: [UInt8]
  let sealedText: [UInt8]
}

/// Who claims messages, and how many.
struct ClaimRequest: Sendable {
  /// A name that no other loop of this database has at any time.
  let owner: String
  /// The gateway that is to take them.
  let gateway: String
  let limit: Int
  let leaseMs: Int64
  /// How many may leave to each operator now; one that is not here takes none.
  let free: [MobileOperator: Int]
}

/// What one claim found.
struct Claim: Sendable {
  var messages: [ClaimedMessage] = []
  /// Whether more may be due than was looked at.
  var isMore = false
}

extension NotificationStore {
  /// Claims messages that are due, the most urgent class first and in it the longest due, and
  /// begins a try of each in the ledger. Of one class to one number one at a time. Those whose time
  /// is over end here, and those that may not go now wait until they may.
  func claim(_ request: ClaimRequest) async throws -> Claim {
    try await self.store.write { transaction in
      let now = try transaction.databaseNow()
      let heads = try self.heads(transaction)
      var claim = Claim()
      var changes = QueueChanges()
      var free = request.free
      var looked: ID<Message>?
      for rules in self.rules.classes.byUrgency {
        for mobileOperator in MobileOperator.allCases {
          let lane = QueueLane(messageClass: rules.messageClass, mobileOperator: mobileOperator)
          guard let head = heads[lane], !head.isPaused, head.due <= now else { continue }
          let room = min(request.limit - claim.messages.count, free[mobileOperator, default: 0])
          if room <= 0 { continue }
          let due = try self.due(transaction, lane, room, at: now)
          for candidate in due {
            switch try self.admit(transaction, candidate, rules, &changes, at: now) {
            case .wait:
              // The next one to the same number may have its turn now.
              claim.isMore = true
            case .begin(let recipient):
              claim.messages.append(
                try self.begin(
                  transaction, candidate, recipient, request, &changes, at: now))
              free[mobileOperator, default: 0] -= 1
            }
          }
          claim.isMore = claim.isMore || due.count == room
          looked = looked ?? due.first?.message.id
        }
      }
      try self.insertTries(transaction, claim.messages, request.gateway, at: now)
      try self.count(transaction, changes, for: looked)
      return claim
    }
  }

  /// A message that is due, with what it takes to claim it.
  private struct Candidate {
    let message: QueuedMessage
    let mobileOperator: MobileOperator
    let phone: [UInt8]
    let text: [UInt8]
  }

  private func due(
    _ transaction: Transaction, _ lane: QueueLane, _ limit: Int, at now: Timestamp
  ) throws -> [Candidate] {
    try transaction.rows(
      """
      SELECT phone, text, \(sql: QueuedMessage.columns) FROM message
      WHERE operator = \(lane.mobileOperator) AND message_class = \(lane.messageClass)
        AND state = 'queued' AND turn < 2 AND next_attempt_at <= \(now)
      ORDER BY next_attempt_at, message_id LIMIT \(limit)
      """
    ).map { row in
      Candidate(
        message: try QueuedMessage(row), mobileOperator: lane.mobileOperator,
        phone: try row.bytes("phone"), text: try row.bytes("text"))
    }
  }

  /// What becomes of a message that is due.
  private enum Admission {
    /// It is sent; to nobody known where the number cannot be read.
    case begin(ID<Person>?)
    /// It was put where it belongs.
    case wait
  }

  /// Whether a message may be sent now. One that may not is put where it belongs.
  private func admit(
    _ transaction: Transaction, _ candidate: Candidate, _ rules: MessageClasses.Rules,
    _ changes: inout QueueChanges, at now: Timestamp
  ) throws -> Admission {
    let message = candidate.message
    if let notAfter = message.notAfter, notAfter <= now {
      var delivery = message.delivery
      delivery.withdraw(as: .expired, at: now)
      try self.closeCutOff(transaction, message, at: now)
      try self.save(transaction, message, delivery, .happened(at: now), &changes)
      return .wait
    }
    let recipient = try self.recipient(transaction, of: message, candidate.phone, at: now)
    // What cannot be read is claimed, fails, and is told.
    guard let recipient else { return .begin(nil) }
    if message.turn == .waiting, !recipient.isNew,
      try self.isTaken(transaction, recipient.id, message.messageClass)
    {
      try self.wait(transaction, message, recipient.id)
      return .wait
    }
    switch try self.permission(transaction, message, candidate.text, recipient, rules, at: now) {
    case .now: return .begin(recipient.id)
    case .later(let at):
      try transaction.execute(
        """
        UPDATE message SET next_attempt_at = \(at), person_id = \(recipient.id)
        WHERE message_id = \(message.id)
        """)
      return .wait
    case .never:
      var delivery = message.delivery
      delivery.withdraw(as: .cancelled, at: now, code: Self.notWanted)
      try self.save(transaction, message, delivery, .happened(at: now), &changes)
      return .wait
    }
  }

  /// Why a message was cancelled whose recipient does not want it.
  static let notWanted = "NOT_WANTED"

  private func begin(
    _ transaction: Transaction, _ candidate: Candidate, _ recipient: ID<Person>?,
    _ request: ClaimRequest, _ changes: inout QueueChanges, at now: Timestamp
  ) throws -> ClaimedMessage {
    let message = candidate.message
    let leaseUntil = now.adding(milliseconds: request.leaseMs)
    var delivery = message.delivery
    delivery.begin(leaseUntil: leaseUntil)
    try transaction.execute(
      """
      UPDATE message SET attempts = \(delivery.attempts),
        next_attempt_at = \(delivery.nextAttemptAt), in_doubt = \(delivery.isInDoubt),
        duplicates = \(delivery.possibleDuplicates), owner = \(request.owner),
        fence = \(message.fence + 1), turn = \(QueuedMessage.Turn.first), person_id = \(recipient)
      WHERE message_id = \(message.id)
      """)
    changes.add(
      .possibleDuplicates, delivery.possibleDuplicates - message.delivery.possibleDuplicates)
    try self.closeCutOff(transaction, message, at: now)
    return ClaimedMessage(
      id: message.id, fence: message.fence + 1, leaseUntil: leaseUntil,
      attempt: delivery.attempts, mobileOperator: candidate.mobileOperator,
      notAfter: message.notAfter, sealedPhone: candidate.phone, sealedText: candidate.text)
  }

  /// Begins the tries in the ledger.
  private func insertTries(
    _ transaction: Transaction, _ claimed: [ClaimedMessage], _ gateway: String, at now: Timestamp
  ) throws {
    for chunk in RowChunks.exact(claimed) {
      let rows = chunk.map { "(\($0.id), \($0.attempt), \(gateway), \(now))" as SQL }
      try transaction.execute(
        """
        INSERT INTO attempt (message_id, number, gateway, began_at) VALUES \(list: rows)
        """)
    }
  }

  /// The ledger says of a try whose process died, or stalled beyond its lease, that nobody knows.
  private func closeCutOff(
    _ transaction: Transaction, _ message: QueuedMessage, at now: Timestamp
  ) throws {
    if message.delivery.attempts == 0 { return }
    try transaction.execute(
      """
      UPDATE attempt SET ended_at = \(now), outcome = 'unknown'
      WHERE message_id = \(message.id) AND outcome IS NULL
      """)
  }

  /// Ends the leases of all other owners. Only for a store that no other process has open: what a
  /// killed process had claimed need not wait for its leases to end.
  func takeOver(owner: String) async throws {
    try await self.store.write { transaction in
      try transaction.execute(
        """
        UPDATE message SET owner = '', next_attempt_at = enqueued_at
        WHERE owner <> '' AND owner <> \(owner) AND state = 'queued'
        """)
      transaction.signal(Self.due)
    }
  }
}
