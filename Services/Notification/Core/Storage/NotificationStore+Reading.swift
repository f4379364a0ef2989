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
    try await self.store.read { try self.message($0, id) }
  }

  /// One message and its tries, the oldest first; nil if there is none.
  func messageAndTries(_ id: ID<Message>) async throws -> (Message, [LedgerEntry])? {
    try await self.store.read { snapshot in
      guard let message = try self.message(snapshot, id) else { return nil }
      return (message, try self.tries(snapshot, of: id))
    }
  }

  /// Some messages, in the order of their ids; those that there are.
  func messages(_ ids: [ID<Message>]) async throws -> [Message] {
    try await self.store.read { snapshot in
      try snapshot.rows(
        """
        SELECT \(sql: Self.columns) FROM message WHERE message_id IN \(values: ids)
        ORDER BY message_id
        """
      ).map(self.message)
    }
  }

  private func message(_ snapshot: Snapshot, _ id: ID<Message>) throws -> Message? {
    try snapshot.row(
      """
      SELECT \(sql: Self.columns) FROM message WHERE message_id = \(id)
      """
    ).map(self.message)
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
    phone, text, not_before, \(sql: QueuedMessage.columns)
    """

  private func message(_ row: Row) throws -> Message {
    let queued = try QueuedMessage(row)
    let erasedAt = try row.optionalTimestamp("erased_at")
    return Message(
      id: queued.id, reference: queued.reference, templateID: queued.templateID,
      templateVersion: queued.templateVersion, messageClass: queued.messageClass,
      isStatutory: queued.isStatutory,
      phone: erasedAt == nil ? try self.openPhone(row.bytes("phone"), of: queued.id) : nil,
      text: try self.text.openText(row.bytes("text"), row: queued.id.text),
      segments: queued.segments, enqueuedAt: queued.enqueuedAt,
      time: SendingTime(
        notBefore: try row.optionalTimestamp("not_before"), notAfter: queued.notAfter),
      delivery: queued.delivery, erasedAt: erasedAt, version: queued.version)
  }

  /// How many tries of one message are told at most.
  private static let triesMax = 100

  private func tries(_ snapshot: Snapshot, of id: ID<Message>) throws -> [LedgerEntry] {
    try snapshot.rows(
      """
      SELECT number, gateway, began_at, ended_at, COALESCE(stage, outcome) AS state, error_code
      FROM attempt WHERE message_id = \(id) ORDER BY number LIMIT \(Self.triesMax)
      """
    ).map { row in
      let number = try row.int("number")
      let word = try row.optionalText("state")
      return LedgerEntry(
        number: number, gateway: try row.text("gateway"), beganAt: try row.timestamp("began_at"),
        endedAt: try row.optionalTimestamp("ended_at"),
        state: word.flatMap(TryState.init) ?? .running,
        errorCode: try row.optionalText("error_code") ?? "",
        segments: try self.segments(snapshot, of: TryPlace(message: id, number: number))
          .map(\.segment))
    }
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
