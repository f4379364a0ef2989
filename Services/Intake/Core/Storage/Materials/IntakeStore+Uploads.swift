import DomainModel
import ServiceCore
import Storage

/// Uploads on their way: each piece is a transaction, and what is stored stays stored.
extension IntakeStore {
  /// How many uploads one transaction removes at most; each may have some megabytes.
  static let expireUploadsMax = 20

  /// The upload of announced bytes to an application as far as it has come; nil where none has
  /// begun.
  func upload(
    _ snapshot: Snapshot, of announced: AnnouncedMaterial, to application: ID<Application>
  ) throws -> Upload? {
    try self.upload(snapshot, of: announced.sha256, announced.sizeBytes, application)
  }

  private func upload(
    _ snapshot: Snapshot, of sha256: [UInt8], _ sizeBytes: Int, _ application: ID<Application>
  ) throws -> Upload? {
    try snapshot.row(
      """
      SELECT upload_id, received_bytes FROM upload
      WHERE application_id = \(application) AND sha256 = \(sha256) AND size_bytes = \(sizeBytes)
      """
    ).map { row in
      Upload(
        id: try row.id("upload_id"), application: application, sha256: sha256, sizeBytes: sizeBytes,
        receivedBytes: try row.int("received_bytes"), isBegun: true)
    }
  }

  /// One piece of what is stored under a material's or an upload's id, opened; nil where it is not
  /// there.
  func piece(_ number: Int, of id: ID<Material>) async throws -> [UInt8]? {
    let sealed = try await self.read { snapshot in
      try snapshot.row(
        "SELECT bytes FROM material_piece WHERE material_id = \(id) AND number = \(number)"
      )?.bytes("bytes")
    }
    return try sealed.map { try self.sealed.piece.open($0, row: Self.pieceRow(id, number: number)) }
  }

  /// Stores how far an upload has come, with its next piece; returns it so. Throws
  /// `UPLOAD_NOT_THERE_YET` where another stream was faster, `UPLOADS_TOO_MANY`, and
  /// `APPLICATION_NOT_FOUND` where the caller does not reach its application any more.
  func keep(
    _ piece: SealedPiece?, of upload: Upload, by uploader: Uploader, at now: Timestamp
  ) async throws -> Upload {
    try await self.write { transaction in
      try self.keep(transaction, piece, of: upload, by: uploader, at: now)
    }
  }

  private func keep(
    _ transaction: Transaction, _ piece: SealedPiece?, of upload: Upload, by uploader: Uploader,
    at now: Timestamp
  ) throws -> Upload {
    var next = upload
    next.receivedBytes = piece?.endsAt ?? upload.receivedBytes
    next.isBegun = true
    if upload.isBegun {
      let moved = try transaction.changedRows(
        """
        UPDATE upload SET received_bytes = \(next.receivedBytes), touched_at = \(now)
        WHERE upload_id = \(upload.id) AND received_bytes = \(upload.receivedBytes)
        """)
      if moved == 0 { throw try self.overtaken(transaction, upload) }
    } else {
      try self.requireRoom(transaction, for: upload, of: uploader)
      try self.requirePlace(transaction, for: upload)
      let begun = try transaction.changedRows(
        """
        INSERT INTO upload (upload_id, application_id, sha256, size_bytes, received_bytes,
          touched_at)
        VALUES (\(upload.id), \(upload.application), \(upload.sha256), \(upload.sizeBytes),
          \(next.receivedBytes), \(now))
        ON CONFLICT DO NOTHING
        """)
      if begun == 0 { throw try self.overtaken(transaction, upload) }
    }
    if let piece { try self.put(transaction, piece, of: upload.id) }
    return next
  }

  /// All bytes are there with this piece: the upload ends, and its pieces are a material's from now
  /// on. Throws as `keep` does.
  func finish(
    _ transaction: Transaction, _ received: ReceivedMaterial, of uploader: Uploader
  ) throws {
    let upload = received.upload
    if upload.isBegun {
      let ended = try transaction.changedRows(
        """
        DELETE FROM upload
        WHERE upload_id = \(upload.id) AND received_bytes = \(upload.receivedBytes)
        """)
      if ended == 0 { throw try self.overtaken(transaction, upload) }
    } else {
      try self.requireRoom(transaction, for: upload, of: uploader)
      // Another stream of the same bytes may have begun; they are all here now.
      let other = try self.upload(
        transaction, of: upload.sha256, upload.sizeBytes, upload.application)
      if let other { try self.remove(transaction, upload: other.id) }
    }
    if let piece = received.lastPiece { try self.put(transaction, piece, of: upload.id) }
  }

  /// Forgets an upload whose bytes are not what was announced.
  func discard(_ upload: Upload) async throws {
    try await self.write { try self.remove($0, upload: upload.id) }
  }

  func remove(_ transaction: Transaction, upload id: ID<Material>) throws {
    let gone = try transaction.changedRows("DELETE FROM upload WHERE upload_id = \(id)")
    // One that is gone may be a material by now, whose bytes these are.
    if gone == 0 { return }
    try transaction.execute("DELETE FROM material_piece WHERE material_id = \(id)")
  }

  /// Removes uploads that have not gone on since an instant; returns how many.
  func expireUploads(untouchedSince instant: Timestamp) async throws -> Int {
    var total = 0
    while true {
      let removed = try await self.write { transaction in
        let uploads = try transaction.rows(
          """
          SELECT upload_id FROM upload WHERE touched_at < \(instant)
          ORDER BY touched_at LIMIT \(Self.expireUploadsMax)
          """
        ).map { try $0.id("upload_id", of: Material.self) }
        for upload in uploads { try self.remove(transaction, upload: upload) }
        return uploads.count
      }
      total += removed
      if removed < Self.expireUploadsMax { return total }
    }
  }

  /// A short piece may be there already; it has grown.
  private func put(
    _ transaction: Transaction, _ piece: SealedPiece, of id: ID<Material>
  ) throws {
    try transaction.execute(
      """
      INSERT INTO material_piece (material_id, number, bytes)
      VALUES (\(id), \(piece.number), \(piece.bytes))
      ON CONFLICT (material_id, number) DO UPDATE SET bytes = excluded.bytes
      """)
  }

  private func overtaken(_ snapshot: Snapshot, _ upload: Upload) throws -> ServiceError {
    let there = try self.upload(snapshot, of: upload.sha256, upload.sizeBytes, upload.application)
    return Upload.notThereYet(receivedBytes: there?.receivedBytes ?? 0)
  }
}
