import DomainModel
import Storage

/// How materials, and what came of the case, are written beside an application's row.
extension IntakeStore {
  /// The material in its slot, sealed piece by piece; what was there goes, bytes and all.
  func replace(
    _ transaction: Transaction, _ material: Material, _ pieces: [[UInt8]],
    in id: ID<Application>
  ) throws {
    let kind = Int(material.slot.kind.rawValue)
    let evidence = Int(material.slot.evidence?.rawValue ?? 0)
    try self.removeMaterials(
      transaction, "application_id = \(id) AND kind = \(kind) AND evidence = \(evidence)")
    try transaction.execute(
      """
      INSERT INTO material (material_id, application_id, kind, evidence, media_type, size_bytes,
        sha256, uploaded_at)
      VALUES (\(material.id), \(id), \(kind), \(evidence), \(material.mediaType),
        \(material.sizeBytes), \(material.sha256), \(material.uploadedAt))
      """)
    for (number, piece) in pieces.enumerated() {
      try transaction.execute(
        """
        INSERT INTO material_piece (material_id, number, bytes)
        VALUES (\(material.id), \(number), \(piece))
        """)
    }
  }

  /// Removes the materials that meet a condition, bytes and all.
  func removeMaterials(_ transaction: Transaction, _ condition: SQL) throws {
    try transaction.execute(
      """
      DELETE FROM material_piece
      WHERE material_id IN (SELECT material_id FROM material WHERE \(sql: condition))
      """)
    try transaction.execute("DELETE FROM material WHERE \(sql: condition)")
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
