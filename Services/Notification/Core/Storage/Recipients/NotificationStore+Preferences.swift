import DomainModel
import ServiceCore
import Storage

extension NotificationStore {
  /// What a recipient wants to be told, and when.
  func preferences(_ snapshot: Snapshot, of recipient: ID<Person>) throws -> Preferences {
    let row = try snapshot.row(
      """
      SELECT switched_off, quiet_from, quiet_to FROM preference WHERE person_id = \(recipient)
      """)
    guard let row else { return .none }
    let classes = try row.text("switched_off").split(separator: " ")
      .compactMap { MessageTemplate.Class(rawValue: String($0)) }
    return Preferences(
      switchedOff: Set(classes),
      quietHours: QuietHours(
        fromMinute: try row.int("quiet_from"), toMinute: try row.int("quiet_to")))
  }

  /// Who has a number that the caller has proved. Throws `PHONE_NOT_PROVED`.
  func proved(
    _ snapshot: Snapshot, _ phone: PhoneNumber, by principal: String
  ) throws -> ID<Person> {
    guard let recipient = try self.recipients.find(snapshot, citizenID: phone.text),
      try snapshot.exists(
        """
        SELECT 1 FROM phone_proof WHERE person_id = \(recipient) AND principal = \(principal)
        """)
    else { throw ServiceError(.phoneNotProved) }
    return recipient
  }

  func save(
    _ transaction: Transaction, _ preferences: Preferences, of recipient: ID<Person>,
    _ stamp: Stamp
  ) throws {
    let off = preferences.switchedOff.map(\.rawValue).sorted().joined(separator: " ")
    let (from, to) = (
      preferences.quietHours?.fromMinute ?? 0, preferences.quietHours?.toMinute ?? 0
    )
    try transaction.execute(
      """
      INSERT INTO preference (person_id, switched_off, quiet_from, quiet_to, changed_at, changed_by)
      VALUES (\(recipient), \(off), \(from), \(to), \(stamp.now), \(stamp.actor.principal))
      ON CONFLICT (person_id) DO UPDATE SET switched_off = excluded.switched_off,
        quiet_from = excluded.quiet_from, quiet_to = excluded.quiet_to,
        changed_at = excluded.changed_at, changed_by = excluded.changed_by
      """)
    try self.tables.history.append(
      transaction,
      HistoryEntry(
        "set_preferences", of: recipient.text, by: stamp.actor, at: stamp.now,
        detail: "off: \(off); quiet: \(from)-\(to)"))
  }
}
