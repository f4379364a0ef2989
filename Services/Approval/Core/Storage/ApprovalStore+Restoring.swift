import DomainModel
import ServiceCore
import Storage

extension ApprovalStore {
  /// Brings a case to where intake knows it to stand, if intake was told more than the case knows:
  /// then it was restored from an older backup. Whether it was.
  func bring(
    _ transaction: Transaction, _ id: ID<ApprovalCase>, to standing: CaseStanding,
    _ opening: CaseOpening, _ stamp: Stamp
  ) throws -> Bool {
    let before = try self.record(transaction, id)
    guard before.progress < standing.progress else { return false }
    var next = before
    next.file = opening.machine.bringing(before.file, to: standing)
    next.progress = standing.progress
    next.papers.materials = opening.papers.materials
    try self.write(
      transaction, Step(from: before, to: next, CaseChange.restored(to: standing)), stamp)
    return true
  }

  /// Writes the notices that intake knows in place of those that were left.
  func replaceNotices(
    _ transaction: Transaction, by notices: [CaseNotice], of id: ID<ApprovalCase>
  ) throws {
    try transaction.execute("DELETE FROM case_notice WHERE case_id = \(id)")
    for notice in notices {
      try transaction.execute(
        """
        INSERT INTO case_notice (case_id, round, stage, notified_at, supplemented_at)
        VALUES (\(id), \(notice.round), \(notice.stage), \(notice.notifiedAt),
          \(notice.supplementedAt))
        """)
    }
  }
}
