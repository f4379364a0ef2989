import DomainModel
import ServiceCore
import Storage

/// A message's row as far as a step of its delivery needs it.
struct QueuedMessage: Sendable {
  let id: ID<Message>
  let reference: String
  let templateID: String
  let templateVersion: Int
  let messageClass: MessageTemplate.Class
  let isStatutory: Bool
  let segments: Int
  let enqueuedAt: Timestamp
  let notAfter: Timestamp?
  /// Who is trying it; empty where nobody is.
  let owner: String
  let fence: Int64
  let turn: Turn
  /// Nil before the first claim.
  let recipient: ID<Person>?
  let isErased: Bool
  let version: Int64
  let delivery: Delivery

  /// Where it stands among the messages of its class to its recipient.
  enum Turn: Int64, Hashable, Sendable {
    /// It waits for its time.
    case waiting = 0
    /// It is being sent, or tried again.
    case first = 1
    /// It waits behind another one.
    case behind = 2
  }

  /// What it is read from.
  static let columns: SQL = """
    message_id, reference, template_id, template_version, message_class, statutory, segments,
    enqueued_at, not_after, owner, fence, turn, person_id, erased_at, version,
    \(sql: Delivery.columns)
    """

  init(_ row: Row) throws {
    self.id = try row.id("message_id")
    self.reference = try row.text("reference")
    self.templateID = try row.text("template_id")
    self.templateVersion = try row.int("template_version")
    self.messageClass = try row.choice("message_class")
    self.isStatutory = try row.bool("statutory")
    self.segments = try row.int("segments")
    self.enqueuedAt = try row.timestamp("enqueued_at")
    self.notAfter = try row.optionalTimestamp("not_after")
    self.owner = try row.text("owner")
    self.fence = try row.int64("fence")
    self.turn = try row.choice("turn")
    self.recipient = try row.optionalID("person_id")
    self.isErased = try row.optionalTimestamp("erased_at") != nil
    self.version = try row.int64("version")
    self.delivery = try Delivery(row)
  }
}

extension Delivery {
  /// What a delivery is read from.
  static let columns: SQL = """
    COALESCE(stage, ended_as, state) AS state, attempts, failures, next_attempt_at, submitted_at,
    delivered_at, ended_at, last_error, in_doubt, duplicates
    """

  /// What `state` says: to a release that knows no more, what a provider has taken is delivered, and
  /// what ended unsent is a dead letter.
  var storedState: MessageState {
    switch self.state {
    case .queued, .delivered, .dead: self.state
    case .submitted, .unknown: .delivered
    case .cancelled, .expired: .dead
    }
  }

  /// What `stage` says: what the releases before have no word for.
  var storedStage: MessageState? {
    [.submitted, .unknown].contains(self.state) ? self.state : nil
  }

  /// What `ended_as` says.
  var storedEnd: MessageState? {
    [.cancelled, .expired].contains(self.state) ? self.state : nil
  }

  /// What `delivered_at` says: set exactly where `storedState` is `delivered`.
  var storedDelivery: Timestamp? {
    switch self.state {
    case .delivered: self.deliveredAt
    case .submitted, .unknown: self.submittedAt ?? self.endedAt
    case .queued, .dead, .cancelled, .expired: nil
    }
  }

  init(_ row: Row) throws {
    let state: MessageState = try row.choice("state")
    self.init(
      state: state, attempts: try row.int("attempts"), failures: try row.int("failures"),
      nextAttemptAt: try row.timestamp("next_attempt_at"),
      submittedAt: try row.optionalTimestamp("submitted_at"),
      deliveredAt: state == .delivered ? try row.optionalTimestamp("delivered_at") : nil,
      endedAt: try row.optionalTimestamp("ended_at"), lastError: try row.text("last_error"),
      isInDoubt: try row.bool("in_doubt"), possibleDuplicates: try row.int("duplicates"))
  }
}
