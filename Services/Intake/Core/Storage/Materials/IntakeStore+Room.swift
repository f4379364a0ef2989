import DomainModel
import ServiceCore
import Storage

/// Who brings bytes, as the bounds see him.
struct Uploader: Sendable {
  var reach: Reach
  /// An applicant's principal; nil for a platform, which speaks for many.
  var applicant: String?
}

/// How much may be uploaded.
extension IntakeStore {
  /// Throws `UPLOADS_TOO_MANY` where an upload that begins is one too many, and
  /// `APPLICATION_NOT_FOUND` where its application is out of reach.
  func requireRoom(
    _ snapshot: Snapshot, for upload: Upload, of uploader: Uploader
  ) throws {
    let owner = try self.owner(snapshot, of: upload.application, within: uploader.reach)
    // The places of an application bound what a platform, or a person in its drafts, can bring.
    guard owner == uploader.applicant else { return }
    let drafts: SQL = """
      application_id IN (
        SELECT application_id FROM application WHERE owner = \(owner) AND state = 'draft')
      """
    let coming = try self.sum(snapshot, "upload", drafts)
    let there = try self.sum(snapshot, "material", drafts)
    let bytes = coming.bytes + there.bytes + Int64(upload.sizeBytes)
    try Self.require(coming.count + there.count < UploadLimits.ofApplicantMax)
    try Self.require(bytes <= UploadLimits.ofApplicantBytesMax)
  }

  /// Throws `UPLOADS_TOO_MANY` where its application has as many uploads under way as it may.
  func requirePlace(_ snapshot: Snapshot, for upload: Upload) throws {
    let underWay = try self.sum(snapshot, "upload", "application_id = \(upload.application)")
    try Self.require(underWay.count < UploadLimits.ofApplicationMax)
  }

  private func owner(
    _ snapshot: Snapshot, of id: ID<Application>, within reach: Reach
  ) throws -> String {
    let row = try snapshot.row(
      """
      SELECT owner FROM application
      WHERE application_id = \(id) AND \(sql: self.condition(snapshot, of: reach))
      """)
    guard let row else { throw ServiceError(.applicationNotFound) }
    return try row.text("owner")
  }

  /// How many rows of a table meet a condition, and how many bytes they announce.
  private func sum(
    _ snapshot: Snapshot, _ table: SQL, _ condition: SQL
  ) throws -> (count: Int, bytes: Int64) {
    let row = try snapshot.row(
      """
      SELECT COUNT(*) AS uploads, CAST(COALESCE(SUM(size_bytes), 0) AS BIGINT) AS bytes
      FROM \(sql: table) WHERE \(sql: condition)
      """)
    return (try row?.int("uploads") ?? 0, try row?.int64("bytes") ?? 0)
  }

  private static func require(_ hasRoom: Bool) throws {
    if hasRoom { return }
    throw ServiceError(
      .uploadsTooMany,
      metadata: [
        "uploads_max": String(UploadLimits.ofApplicantMax),
        "bytes_max": String(UploadLimits.ofApplicantBytesMax),
        "under_way_max": String(UploadLimits.ofApplicationMax),
      ])
  }
}
