import DomainModel
import Storage

/// How materials, and what came of the case, are written beside an application's row.
extension IntakeStore {
  /// The material in its slot; what was there goes, bytes and all where nothing else needs them.
  /// Its own bytes are stored already.
  func replace(
    _ transaction: Transaction, _ material: Material, in id: ID<Application>
  ) throws {
    let kind = Int(material.slot.kind.rawValue)
    let evidence = Int(material.slot.evidence?.rawValue ?? 0)
    let slot: SQL = "application_id = \(id) AND kind = \(kind) AND evidence = \(evidence)"
    let before = try self.bytesIDs(transaction, slot)
    try transaction.execute("DELETE FROM material WHERE \(sql: slot)")
    try transaction.execute(
      """
      INSERT INTO material (material_id, application_id, kind, evidence, media_type, size_bytes,
        sha256, uploaded_at, bytes_of, bytes_since)
      VALUES (\(material.id), \(id), \(kind), \(evidence), \(material.mediaType),
        \(material.sizeBytes), \(material.sha256), \(material.uploadedAt), \(material.bytesOf),
        \(material.bytesSince))
      """)
    try self.removeUnused(transaction, before)
  }

  /// Removes the materials of a draft and what is on its way to it, bytes and all where no other
  /// application needs them.
  func removeMaterials(_ transaction: Transaction, of draft: ID<Application>) throws {
    let bytes = try self.bytesIDs(transaction, "application_id = \(draft)")
    try transaction.execute("DELETE FROM material WHERE application_id = \(draft)")
    try self.removeUnused(transaction, bytes)
    let uploads = try transaction.rows(
      "SELECT upload_id FROM upload WHERE application_id = \(draft)"
    ).map { try $0.id("upload_id", of: Material.self) }
    for upload in uploads { try self.remove(transaction, upload: upload) }
  }

  private func bytesIDs(_ transaction: Transaction, _ condition: SQL) throws -> [ID<Material>] {
    try transaction.rows(
      "SELECT COALESCE(bytes_of, material_id) AS bytes FROM material WHERE \(sql: condition)"
    ).map { try $0.id("bytes") }
  }

  /// Removes the bytes of those that no material needs any more.
  private func removeUnused(_ transaction: Transaction, _ ids: [ID<Material>]) throws {
    for id in Set(ids) {
      let isUsed = try transaction.exists(
        """
        SELECT 1 FROM material WHERE (material_id = \(id) AND bytes_of IS NULL)
        UNION ALL SELECT 1 FROM material WHERE bytes_of = \(id)
        """)
      if isUsed { continue }
      try transaction.execute("DELETE FROM material_piece WHERE material_id = \(id)")
    }
  }

  /// The open notice is answered.
  func answer(
    _ transaction: Transaction, _ notice: SupplementNotice, of id: ID<Application>,
    at now: Timestamp
  ) throws {
    try transaction.execute(
      """
      UPDATE application_notice SET supplemented_at = \(now)
      WHERE application_id = \(id) AND sequence = \(notice.sequence)
      """)
  }

  /// What a step of the case brought beside the row: its notice, and its reasons.
  func insert(
    _ transaction: Transaction, _ progress: Progress, of next: Application
  ) throws {
    if case .supplementNeeded(let notice) = progress {
      try transaction.execute(
        """
        INSERT INTO application_notice (application_id, sequence, round, notified_at)
        VALUES (\(next.id), \(notice.sequence), \(Int(notice.round)), \(notice.notifiedAt))
        """)
    }
    // Its supplement was lost here, and the case knows that it came.
    if case .resumed = progress, let answeredAt = next.notices.last?.supplementedAt {
      try transaction.execute(
        """
        UPDATE application_notice SET supplemented_at = \(answeredAt)
        WHERE application_id = \(next.id) AND supplemented_at IS NULL
        """)
    }
    let sequence = next.progressSequence
    for (position, reason) in progress.reasons.enumerated() {
      let row = Self.reasonRow(next.id, sequence: sequence, position: position)
      let text = try self.sealed.reasonText.seal(reason.text, row: row)
      try transaction.execute(
        """
        INSERT INTO application_reason (application_id, sequence, position, code, text)
        VALUES (\(next.id), \(sequence), \(position), \(reason.code), \(text))
        """)
    }
  }

  /// The primary key of a reason, as its seal names it.
  static func reasonRow(_ id: ID<Application>, sequence: Int64, position: Int) -> String {
    "\(id.text)/\(sequence)/\(position)"
  }

  /// The primary key of a finding, as the seal of its facts names it.
  static func findingRow(_ id: ID<Application>, _ rule: String) -> String { "\(id.text)/\(rule)" }

  /// The primary key of a piece of a material, as its seal names it.
  static func pieceRow(_ id: ID<Material>, number: Int) -> String { "\(id.text)/\(number)" }
}
