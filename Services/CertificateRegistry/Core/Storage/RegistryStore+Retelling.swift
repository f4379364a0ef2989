import DomainModel
import PermitProof
import ServiceCore
import Storage

extension RegistryStore {
  /// The text of an application's permit, where the notification service has lost it.
  func retold(_ snapshot: Snapshot, _ lost: LostMessage) throws -> [OutboxMessage] {
    guard lost.what == CompletionText.template else { return [] }
    let rows = try snapshot.rows(
      """
      SELECT \(sql: PermitRow.columns), phone
      FROM permit WHERE application_id = \(lost.applicationID) ORDER BY permit_id
      """)
    return try rows.map { row in
      let permit = try PermitRow.permit(row)
      let document = try self.signedDocument(snapshot, of: permit.id).document
      let phone = try self.columns.permitPhone.openText(row.bytes("phone"), row: permit.id.text)
      guard let read = try? PermitDocument(canonicalBytes: document),
        case .success(let number) = PhoneNumber.check(phone)
      else { throw UnusableData("permit \(permit.id) names nobody who could be told") }
      return try CompletionText.message(
        permit, to: PersonName.masked(read.holder.name), at: number)
    }
  }
}
