import DomainModel
import ServiceCore
import Storage

extension IntakeStore {
  /// How many texts of one application are told at most.
  static let deliveriesMax = 100

  /// Keeps how a text ended; an older word than what is known changes nothing. False where there is
  /// no such application.
  func record(
    _ transaction: Transaction, _ delivery: NoticeDelivery, about id: ID<Application>
  ) throws -> Bool {
    let isKnown = try transaction.exists(
      "SELECT 1 FROM application WHERE application_id = \(id)")
    guard isKnown else { return false }
    try transaction.execute(
      """
      INSERT INTO notice_delivery (message_id, application_id, template_id, template_version,
        statutory, state, enqueued_at, submitted_at, ended_at, last_error, version)
      VALUES (\(delivery.messageID), \(id), \(delivery.templateID), \(delivery.templateVersion),
        \(delivery.isStatutory), \(delivery.state), \(delivery.enqueuedAt),
        \(delivery.submittedAt), \(delivery.endedAt), \(delivery.lastError), \(delivery.version))
      ON CONFLICT (message_id) DO UPDATE SET state = excluded.state,
        submitted_at = excluded.submitted_at, ended_at = excluded.ended_at,
        last_error = excluded.last_error, version = excluded.version
      WHERE excluded.version > notice_delivery.version
      """)
    return true
  }

  /// How the texts about an application ended, by message id, which ascends with time.
  static func deliveries(of id: ID<Application>) -> SQL {
    """
    SELECT message_id, template_id, template_version, statutory, state, enqueued_at,
      submitted_at, ended_at, last_error, version
    FROM notice_delivery WHERE application_id = \(id)
    ORDER BY message_id LIMIT \(Self.deliveriesMax)
    """
  }
}

extension NoticeDelivery {
  init(_ row: Row) throws {
    self.init(
      messageID: try row.text("message_id"), templateID: try row.text("template_id"),
      templateVersion: try row.int("template_version"), isStatutory: try row.bool("statutory"),
      state: try row.choice("state"), enqueuedAt: try row.timestamp("enqueued_at"),
      submittedAt: try row.optionalTimestamp("submitted_at"),
      endedAt: try row.optionalTimestamp("ended_at"), lastError: try row.text("last_error"),
      version: try row.int64("version"))
  }
}
