import Crypto
import DomainModel
import ServiceCore
import Storage

/// The file of an application that has ended (一人一档): its record's hash is kept in the transaction
/// that ended it, so that what is changed afterwards, past the service, is found.
extension IntakeStore {
  /// How many lines of its history a file has at most.
  static let fileHistoryMax = 1_000

  /// Seals what an application has come to, if that is its end.
  func sealFile(_ transaction: Transaction, of id: ID<Application>, at now: Timestamp) throws {
    let application = try self.application(transaction, .id(id), within: .everything)
    guard let record = try CaseRecord(application) else { return }
    try transaction.execute(
      """
      INSERT INTO case_file (application_id, sealed_at, sha256)
      VALUES (\(id), \(now), \(DigestAlgorithm.sha256.digest(Array(record.text.utf8))))
      ON CONFLICT DO NOTHING
      """)
  }

  /// The file within the caller's reach. Throws `APPLICATION_NOT_FOUND`, `APPLICATION_WRONG_STATE`
  /// before the end, and `CASE_FILE_DAMAGED` where it is not as it was sealed.
  func caseFile(_ id: ID<Application>, within reach: Reach) async throws -> CaseFile {
    try await self.read { snapshot in
      let (application, deliveries) = try self.told(snapshot, .id(id), within: reach)
      guard let record = try CaseRecord(application) else { throw application.wrongState }
      let row = try snapshot.row(
        "SELECT sealed_at, sha256 FROM case_file WHERE application_id = \(id)")
      let sha256 = try DigestAlgorithm.sha256.digest(Array(record.text.utf8))
      if let row, try row.bytes("sha256") != sha256 { throw ServiceError(.caseFileDamaged) }
      return CaseFile(
        application: application, record: record,
        // One that ended under an earlier release has no seal; the record says when it ended.
        sealedAt: try row?.timestamp("sealed_at"), sha256: sha256,
        history: try self.tables.history.entries(
          snapshot, of: id.text, limit: Self.fileHistoryMax),
        deliveries: deliveries)
    }
  }
}

/// What is handed over of an application that has ended.
struct CaseFile: Sendable {
  let application: Application
  let record: CaseRecord
  /// Nil where an earlier release ended it.
  let sealedAt: Timestamp?
  /// SHA-256 of the record.
  let sha256: [UInt8]
  let history: [HistoryEntry]
  /// How the texts about it ended, as far as is known by now: a receipt may come after the end.
  let deliveries: [NoticeDelivery]
}

extension CaseRecord {
  /// The record of an application with its hashes; nil for one that has not ended.
  init?(_ application: Application) throws {
    let form = try DigestAlgorithm.sha256.digest(application.form?.bytes ?? [])
    self.init(application, formHash: Hex.encode(form)) { Hex.encode($0) }
  }
}
