import DomainModel
import ServiceCore
import Storage

extension RegistryStore {
  /// The text of an application's permit and the reminders to come, where the notification service
  /// has lost them. Whoever asks knows that the holder has a permit, not how he came by it: of a
  /// conversion it is told that it was one.
  func retold(
    _ snapshot: Snapshot, _ lost: LostMessage, now: Timestamp
  ) throws -> [OutboxMessage] {
    guard let asked = PermitTexts(rawValue: lost.what), asked == .issued || asked == .converted
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
      let text = line?.conversion == nil ? PermitTexts.issued : .converted
      return [try text.message(of: issued, to: recipient), reminders].compactMap(\.self)
    }
  }
}

extension RecordedEvent {
  /// What the permit rests on where its first line says that it is a conversion; nil else. A line
  /// of an earlier release says so as well.
  fileprivate var conversion: ConversionKind? {
    ConversionKind.allCases.first { self.entry.detail.hasSuffix("; \($0.rawValue)") }
  }
}
