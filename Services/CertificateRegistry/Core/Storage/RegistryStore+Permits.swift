import DomainModel
import ServiceCore
import Storage

/// Leaves the transaction without an effect where a permit must be signed first.
struct SignatureNeeded: Error {}

extension RegistryStore {
  /// Whether an order would have a permit made, as things stand: what decides whether to sign. The
  /// decision that counts is `issue`'s own.
  func wouldIssue(_ command: IssueCommand) async throws -> Bool {
    try await self.read { snapshot in
      let person = try self.persons.find(
        snapshot, citizenID: command.holder.citizenID.text)
      let record = try self.record(snapshot, command, of: person)
      return record.ofCase == nil && record.live == nil
    }
  }

  /// Decides and, if a permit is to be made, saves the prepared one; else the one that stands.
  ///
  /// Throws `SignatureNeeded` where one is to be made and none was prepared, and what the decision
  /// does. Another transaction that was first is met at the commit, as a violation of
  /// `permit_case` or `permit_live`.
  func issue(
    _ transaction: Transaction, _ command: IssueCommand, _ prepared: PreparedPermit?,
    _ stamp: Stamp
  ) throws -> (Permit, SignedDocument) {
    let person = try self.persons.findOrCreate(
      transaction, citizenID: command.holder.citizenID.text, newID: stamp.newID(), now: stamp.now)
    let record = try self.record(transaction, command, of: person)
    switch try IssueDecision.decide(command, over: record) {
    case .existing(let permit):
      return (permit, try self.permits.signedDocument(transaction, of: permit.id))
    case .issue:
      guard let prepared else { throw SignatureNeeded() }
      let step = Step(
        from: nil, to: prepared.permit, PermitTable.Event.issued(prepared, command, to: person),
        telling: prepared.message.map { [$0] } ?? [])
      try self.permits.write(transaction, step, stamp)
      return (prepared.permit, prepared.signed)
    }
  }

  /// What is on record that bears on an order.
  private func record(
    _ snapshot: Snapshot, _ command: IssueCommand, of person: ID<Storage.Person>?
  ) throws -> IssueDecision.Record {
    let row = try snapshot.row(
      """
      SELECT \(sql: PermitRow.columns), person_id FROM permit WHERE case_id = \(command.caseID)
      """)
    var record = IssueDecision.Record()
    if let row {
      record.ofCase = try PermitRow.permit(row)
      record.isSameHolder = try row.text("person_id") == person?.text
    }
    record.live = try person.flatMap {
      try self.permits.live(snapshot, of: $0, within: .everything)
    }
    return record
  }
}
