import DomainModel
import ServiceCore
import Storage

extension PermitTable {
  /// A person's permits, of whatever state, oldest first.
  func permits(_ snapshot: Snapshot, of person: ID<Storage.Person>) throws -> [Permit] {
    try snapshot.rows(
      """
      SELECT \(sql: PermitRow.columns) FROM permit
      WHERE person_id = \(person) ORDER BY permit_id
      """
    ).map(PermitRow.permit)
  }

  /// Leaves nothing of a person in a permit's row: certificate and phone say nothing from now on.
  /// The signature goes as well, for it would confirm a guess of what was signed.
  func erase(_ transaction: Transaction, _ permit: Permit) throws {
    let row = permit.id.text
    try transaction.execute(
      """
      UPDATE permit SET person_id = \(KnownPersons.nobody),
        document = \(try self.document.seal([], row: row)), signature = \([UInt8]()),
        phone = \(try self.phone.seal("", row: row)), phone_told_at = NULL
      WHERE permit_id = \(permit.id)
      """)
    try self.erasePastCertificates(transaction, of: permit.id)
    let id = permit.id
    try transaction.execute("DELETE FROM slip WHERE permit_id = \(id)")
    try transaction.execute("DELETE FROM presentation WHERE permit_id = \(id)")
    try transaction.execute("DELETE FROM earlier_permit_key WHERE permit_id = \(id)")
    try transaction.execute("DELETE FROM earlier_permit WHERE permit_id = \(id)")
  }

  /// That there were certificates stays: each is still known, and known to be superseded.
  private func erasePastCertificates(
    _ transaction: Transaction, of permit: ID<Permit>
  ) throws {
    let rows = try transaction.rows(
      """
      SELECT certificate_identifier FROM past_certificate WHERE permit_id = \(permit)
      ORDER BY certificate_identifier
      """)
    for row in rows {
      let identifier = try row.text("certificate_identifier")
      try transaction.execute(
        """
        UPDATE past_certificate SET document = \(try self.pastDocument.seal([], row: identifier)),
          signature = \([UInt8]())
        WHERE certificate_identifier = \(identifier)
        """)
    }
  }
}
