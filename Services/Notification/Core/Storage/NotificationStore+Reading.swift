import DomainModel
import Storage

/// Which messages are asked for.
enum MessageFilter: Hashable, Sendable {
  case all
  case reference(String)
  case dead
}

extension NotificationStore {
  /// One message, nil if there is none.
  func message(_ id: ID<Message>) async throws -> Message? {
    try await self.store.read { snapshot in
      try snapshot.row(
        """
        SELECT message_id, reference, template_id, template_version, phone, text, segments,
          enqueued_at, state, attempts, failures, next_attempt_at, delivered_at, last_error
        FROM message WHERE message_id = \(id)
        """
      ).map(self.message)
    }
  }

  /// Messages by ascending id after `cursor`, at most `limit`.
  func messages(
    _ filter: MessageFilter, after cursor: String, limit: Int
  ) async throws -> [Message] {
    let condition: SQL =
      switch filter {
      case .all: ""
      case .reference(let reference): "AND reference = \(reference)"
      case .dead: "AND state = 'dead'"
      }
    return try await self.store.read { snapshot in
      try snapshot.rows(
        """
        SELECT message_id, reference, template_id, template_version, phone, text, segments,
          enqueued_at, state, attempts, failures, next_attempt_at, delivered_at, last_error
        FROM message WHERE message_id > \(cursor) \(sql: condition)
        ORDER BY message_id LIMIT \(limit)
        """
      ).map(self.message)
    }
  }

  private func message(_ row: Row) throws -> Message {
    let id = try row.id("message_id", of: Message.self)
    return Message(
      id: id, reference: try row.text("reference"), templateID: try row.text("template_id"),
      templateVersion: try row.int("template_version"),
      phone: try self.openPhone(row.bytes("phone"), of: id),
      text: try self.text.openText(row.bytes("text"), row: id.text),
      segments: try row.int("segments"), enqueuedAt: try row.timestamp("enqueued_at"),
      delivery: try Delivery(row))
  }

  /// The number sealed in a message's row.
  func openPhone(_ sealed: [UInt8], of id: ID<Message>) throws -> PhoneNumber {
    let text = try self.phone.openText(sealed, row: id.text)
    guard case .success(let phone) = PhoneNumber.check(text) else {
      throw StorageError.undecodable(
        column: "phone", expected: "a phone number", found: "text", sql: "")
    }
    return phone
  }
}
