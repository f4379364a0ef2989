import DomainModel
import ServiceCore
import Storage

extension RegistryStore {
  /// The text of an application's permit and the reminders to come, where the notification service
  /// has lost them.
  func retold(
    _ snapshot: Snapshot, _ lost: LostMessage, now: Timestamp
  ) throws -> [OutboxMessage] {
    guard let text = PermitTexts(rawValue: lost.what), text == .issued || text == .converted
    else { return [] }
    let rows = try snapshot.rows(
      """
      SELECT \(sql: PermitRow.columns) FROM permit
      WHERE application_id = \(lost.applicationID) ORDER BY permit_id
      """)
    return try rows.flatMap { row -> [OutboxMessage] in
      let permit = try PermitRow.permit(row)
      // Whoever was erased is told nothing any more.
      if permit.standing.erasedAt != nil { return [] }
      guard let recipient = try self.recipient(snapshot, of: permit) else {
        throw UnusableData("permit \(permit.id) names nobody who could be told")
      }
      let reminders = try PermitReminders.message(
        from: nil, to: permit, for: recipient, self.machine.policy, at: now)
      // Whatever has happened since, the words are those of the first time.
      let line = try self.permits.events(snapshot, of: permit.id, after: 0, limit: 1).first
      let issued = line?.facts ?? permit
      return [try text.message(of: issued, to: recipient), reminders].compactMap(\.self)
    }
  }
}
