import Storage

extension NotificationStore {
  /// Where the service's sealed values stand; a test finds those that are forgotten here.
  static let sealedTables =
    PersonDirectory.sealed + Inbox.sealed + Outbox.sealed + History.sealed + [
      SealedTable("message", "phone", id: "message_id"),
      SealedTable("message", "text", id: "message_id"),
    ]
}
