import DomainModel
import Storage

/// The rows of who looked at whose permit.
struct ProvisionTable: Sendable {
  /// How many rows one transaction removes at most, so that it holds the writer only shortly.
  static let purgeRowsMax = 500

  /// Keeps a look.
  func record(_ transaction: Transaction, _ provision: Provision) throws {
    let reasons = provision.reasons.map(\.rawValue).joined(separator: " ")
    try transaction.execute(
      """
      INSERT INTO provision (at, verifier, office_code, purpose, division_code, means, permit_id,
        certificate_identifier, reasons)
      VALUES (\(provision.at), \(provision.verifier), \(provision.office),
        \(provision.query.purpose), \(provision.query.divisionCode),
        \(provision.query.subject.means), \(provision.permit),
        \(provision.certificateIdentifier), \(reasons))
      """)
  }

  /// Keeps that a copy of everything about a person was made, by whom and at which request of his.
  func record(_ transaction: Transaction, _ export: ExportProvision) throws {
    try transaction.execute(
      """
      INSERT INTO provision (at, verifier, office_code, purpose, division_code, means, person_id,
        reference, reasons)
      VALUES (\(export.at), \(export.actor), \(export.office), 'data_subject', '', 'export',
        \(export.person), \(export.reference), 'EXPORTED')
      """)
  }

  /// Forgets whose looks they were that were made at a person himself; they stay for their time.
  func forget(_ transaction: Transaction, _ person: ID<Storage.Person>) throws {
    try transaction.execute(
      "UPDATE provision SET person_id = NULL WHERE person_id = \(person)")
  }

  /// Removes looks before an instant, at most `purgeRowsMax`; returns how many.
  func purge(_ transaction: Transaction, before instant: Timestamp) throws -> Int {
    try transaction.changedRows(
      """
      DELETE FROM provision WHERE id IN (
        SELECT id FROM provision WHERE at < \(instant) ORDER BY at LIMIT \(Self.purgeRowsMax))
      """)
  }
}
