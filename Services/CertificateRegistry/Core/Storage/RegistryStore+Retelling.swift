import DomainModel
import ServiceCore
import Storage

extension RegistryStore {
  /// The text of an application's permit, where the notification service has lost it.
  func retold(_ snapshot: Snapshot, _ lost: LostMessage) throws -> [OutboxMessage] {
    guard let text = PermitTexts(rawValue: lost.what), text == .issued || text == .converted
    else { return [] }
    let rows = try snapshot.rows(
      """
      SELECT \(sql: PermitRow.columns) FROM permit
      WHERE application_id = \(lost.applicationID) ORDER BY permit_id
      """)
    return try rows.map { row in
      let permit = try PermitRow.permit(row)
      guard let recipient = try self.recipient(snapshot, of: permit) else {
        throw UnusableData("permit \(permit.id) names nobody who could be told")
      }
      return try text.message(of: permit, to: recipient)
    }
  }
}
