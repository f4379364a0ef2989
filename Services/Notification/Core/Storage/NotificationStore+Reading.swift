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
        SELECT \(sql: Self.columns) FROM message WHERE message_id = \(id)
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
      case .dead: "AND state = 'dead' AND ended_as IS NULL"
      }
    return try await self.store.read { snapshot in
      try snapshot.rows(
        """
        SELECT \(sql: Self.columns) FROM message WHERE message_id > \(cursor) \(sql: condition)
        ORDER BY message_id LIMIT \(limit)
        """
      ).map(self.message)
    }
  }

  private static let columns: SQL = """
    message_id, reference, template_id, template_version, phone, text, segments, enqueued_at,
    not_before, not_after, \(sql: Delivery.columns)
    """

  private func message(_ row: Row) throws -> Message {
    let id = try row.id("message_id", of: Message.self)
    return Message(
      id: id, reference: try row.text("reference"), templateID: try row.text("template_id"),
      templateVersion: try row.int("template_version"),
      phone: try self.openPhone(row.bytes("phone"), of: id),
      text: try self.text.openText(row.bytes("text"), row: id.text),
      segments: try row.int("segments"), enqueuedAt: try row.timestamp("enqueued_at"),
      time: try SendingTime(row),
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

extension SendingTime {
  /// Nil for a message that was not scheduled.
  fileprivate init?(_ row: Row) throws {
    guard let notBefore = try row.optionalTimestamp("not_before"),
      let notAfter = try row.optionalTimestamp("not_after")
    else { return nil }
    self.init(notBefore: notBefore, notAfter: notAfter)
  }
}
