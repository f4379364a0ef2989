import DomainModel
import Storage

extension ApprovalStore {
  /// Brings a case to where intake knows it to stand, if intake was told more than the case knows:
  /// then it was restored from an older backup.
  func bring(
    _ transaction: Transaction, _ id: ID<ApprovalCase>, to standing: CaseStanding,
    _ papers: CaseFile, by actor: Actor, at now: Timestamp
  ) throws {
    guard let before = try self.record(transaction, id), before.progress < standing.progress
    else { return }
    let record = CaseRecord(
      file: before.file.brought(to: standing), progress: standing.progress)
    try self.updateCase(transaction, record, from: before.file.version)
    try self.update(transaction, materials: papers.materials, of: id)
    try transaction.execute("DELETE FROM case_notice WHERE case_id = \(id)")
    for notice in standing.notices {
      try transaction.execute(
        """
        INSERT INTO case_notice (case_id, round, stage, notified_at, supplemented_at)
        VALUES (\(id), \(notice.round), \(notice.stage), \(notice.notifiedAt),
          \(notice.supplementedAt))
        """)
    }
    try self.append(
      transaction, CaseLine(action: "restored", by: actor, at: now), record.file, papers)
  }
}
