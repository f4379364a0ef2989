import DomainModel
import Storage

/// The messages of one class to one operator: they leave in one order, at one rate.
struct QueueLane: Hashable, Sendable {
  let messageClass: MessageTemplate.Class
  let mobileOperator: MobileOperator

  static let all = MessageTemplate.Class.allCases.flatMap { messageClass in
    MobileOperator.allCases.map { Self(messageClass: messageClass, mobileOperator: $0) }
  }
}

/// The message of a lane that is due first.
struct LaneHead: Sendable {
  let due: Timestamp
  /// Its class is not sent for now.
  let isPaused: Bool
}

extension NotificationStore {
  private static let everyLane = QueueLane.all.map {
    "(\($0.mobileOperator), \($0.messageClass))" as SQL
  }

  /// The head of each lane that has messages waiting. In one statement, because it is asked at
  /// every wake-up: twenty cost twenty round trips where the database is beyond a network.
  func heads(_ snapshot: Snapshot) throws -> [QueueLane: LaneHead] {
    let rows = try snapshot.rows(
      """
      WITH lane (operator, message_class) AS (VALUES \(list: Self.everyLane))
      SELECT operator, message_class,
        (SELECT MIN(next_attempt_at) FROM message
          WHERE message.operator = lane.operator AND message.message_class = lane.message_class
            AND state = 'queued' AND turn < 2) AS due,
        EXISTS (SELECT 1 FROM queue_pause
          WHERE queue_pause.message_class = lane.message_class) AS is_paused
      FROM lane
      """)
    var heads: [QueueLane: LaneHead] = [:]
    for row in rows {
      guard let due = try row.optionalTimestamp("due") else { continue }
      let lane = QueueLane(
        messageClass: try row.choice("message_class"), mobileOperator: try row.choice("operator"))
      heads[lane] = LaneHead(due: due, isPaused: try row.bool("is_paused"))
    }
    return heads
  }

  /// Since when the message that waits longest could have been sent; nil where none could, at
  /// `now`.
  func oldestDue(_ snapshot: Snapshot, at now: Timestamp) throws -> Timestamp? {
    try self.heads(snapshot).values.map(\.due).filter { $0 <= now }.min()
  }

  /// When the next message of classes that are not paused becomes due by itself; nil if none will.
  /// `from`: to which operators messages may leave, and not before when.
  func nextDueAt(from: [MobileOperator: Timestamp]) async throws -> Timestamp? {
    try await self.store.read { snapshot in
      try self.heads(snapshot).compactMap { lane, head in
        head.isPaused ? nil : from[lane.mobileOperator].map { max(head.due, $0) }
      }.min()
    }
  }
}
