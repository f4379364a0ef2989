import DomainModel
import ServiceCore
import Storage

/// The queue's database. A method that takes a transaction or a snapshot is a part of the one
/// closure of its caller; the others are whole transactions. Number and text are sealed.
struct NotificationStore: Sendable {
  /// Signalled by each commit that made a message due.
  static let due: Topic = "message_due"
  /// Signalled by each commit that changed a message.
  static let changed: Topic = "message_changed"

  let tables: ServiceTables
  /// Who is who: a recipient is a person whose number is its phone's.
  let recipients: PersonDirectory
  let phone: SealedColumn
  let text: SealedColumn
  let index: any BlindIndex
  let rules: QueueRules

  init(_ store: any Store, sealer: any Sealer, index: any BlindIndex, rules: QueueRules) {
    self.tables = ServiceTables(store, sealer: sealer)
    self.recipients = PersonDirectory(sealer: sealer, index: index)
    self.phone = SealedColumn(sealer, table: "message", column: "phone")
    self.text = SealedColumn(sealer, table: "message", column: "text")
    self.index = index
    self.rules = rules
  }

  var store: any Store { self.tables.store }

  /// When to read messages again.
  func changes(by time: any TimeSource) -> Changes {
    Changes(of: Self.changed, in: self.store, by: time)
  }

  /// Puts dead letters back into the queue: all that are named, or none. Throws
  /// `MESSAGE_NOT_FOUND` and `MESSAGE_NOT_DEAD` with the `message_id`.
  func replay(_ transaction: Transaction, _ ids: [ID<Message>], _ stamp: Stamp) throws {
    for id in ids { try self.replay(transaction, id, stamp) }
  }

  private func replay(
    _ transaction: Transaction, _ id: ID<Message>, _ stamp: Stamp
  ) throws {
    guard let before = try self.row(transaction, id) else {
      throw ServiceError(.messageNotFound, metadata: ["message_id": id.text])
    }
    if before.isErased {
      throw ServiceError(
        .messageNotDead, metadata: ["message_id": id.text, "current_state": "erased"])
    }
    var delivery = before.delivery
    do {
      try delivery.replay(at: stamp.now)
    } catch var error as ServiceError {
      error.metadata["message_id"] = id.text
      throw error
    }
    try self.save(transaction, before, delivery, .called("replay", stamp))
  }
}
