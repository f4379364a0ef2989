import DomainModel
import ServiceCore
import Storage

/// Drafts that go by themselves, in small transactions, so that no call waits long for the writer.
extension IntakeStore {
  /// How many drafts one transaction removes at most; each may have some megabytes of materials.
  static let expireDraftsMax = 20

  /// Removes drafts that nobody has touched since an instant, with their forms and materials; their
  /// history stays and says so. Returns how many.
  @discardableResult
  func expireDrafts(untouchedSince instant: Timestamp, at now: Timestamp) async throws -> Int {
    var total = 0
    while true {
      let removed = try await self.write { transaction in
        try self.expireSome(transaction, untouchedSince: instant, at: now)
      }
      total += removed
      if removed < Self.expireDraftsMax { return total }
    }
  }

  private func expireSome(
    _ transaction: Transaction, untouchedSince instant: Timestamp, at now: Timestamp
  ) throws -> Int {
    let drafts = try transaction.rows(
      """
      SELECT application_id FROM application
      WHERE state = 'draft' AND updated_at < \(instant)
      ORDER BY updated_at LIMIT \(Self.expireDraftsMax)
      """
    ).map { try $0.id("application_id", of: Application.self) }
    for draft in drafts {
      try self.removeMaterials(transaction, of: draft)
      try transaction.execute("DELETE FROM application WHERE application_id = \(draft)")
      let history = self.tables.history
      try history.forgetStandings(transaction, of: draft.text)
      try history.append(
        transaction,
        HistoryEntry(ApplicationEvent.expired.action, of: draft.text, by: .system, at: now))
      transaction.signal(Self.topic)
    }
    return drafts.count
  }
}
