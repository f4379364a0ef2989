import DomainModel
import ServiceCore
import Storage

/// Third parties' reports, sealed; they go by themselves after `Lead.days`.
extension IntakeStore {
  /// How many leads one transaction removes at most.
  static let expireLeadsMax = 500

  /// Keeps a lead with its content as it came; returns whether the person is to be reminded: not
  /// where he was within `Lead.reminderDays`, or has an application for registration in progress.
  func keep(
    _ transaction: Transaction, _ lead: Lead, _ content: [UInt8], as id: ID<Lead>, _ stamp: Stamp
  ) throws -> Bool {
    let person = try self.persons.findOrCreate(
      transaction, citizenID: lead.citizenID.text, newID: stamp.newID(), now: stamp.now)
    let since = stamp.now.adding(milliseconds: -Int64(Lead.reminderDays) * 86_400_000)
    let wasReminded = try transaction.exists(
      "SELECT 1 FROM lead WHERE person_id = \(person) AND reminded_at > \(since)")
    let isDeclaring = try transaction.exists(
      """
      SELECT 1 FROM application
      WHERE person_id = \(person) AND kind = \(ApplicationKind.residenceRegistration)
        AND state IN \(values: ApplicationState.open.map(\.rawValue))
      """)
    let isReminded = !wasReminded && !isDeclaring
    let sealed = try self.sealed.lead.seal(content, row: id.text)
    try transaction.execute(
      """
      INSERT INTO lead (lead_id, owner, person_id, source, content, reported_at, reminded_at)
      VALUES (\(id), \(stamp.actor.principal), \(person), \(Int(lead.source.rawValue)), \(sealed),
        \(stamp.now), \(isReminded ? stamp.now : nil))
      """)
    return isReminded
  }

  /// Removes the leads that came before an instant; returns how many.
  @discardableResult
  func expireLeads(reportedBefore instant: Timestamp) async throws -> Int {
    var total = 0
    while true {
      let removed = try await self.write { transaction in
        try transaction.changedRows(
          """
          DELETE FROM lead WHERE lead_id IN (
            SELECT lead_id FROM lead WHERE reported_at < \(instant)
            ORDER BY reported_at LIMIT \(Self.expireLeadsMax)
          )
          """)
      }
      total += removed
      if removed < Self.expireLeadsMax { return total }
    }
  }
}
