import DomainModel
import ServiceCore
import Storage

/// What an order to issue has come to.
struct IssuedPermit: Hashable, Sendable {
  let permit: Permit
  let signed: SignedDocument
  /// The identifier of the permit that was cancelled for it; nil where there was none.
  var cancelledIdentifier: String?
}

/// Leaves the transaction without an effect where what was prepared outside of it, a certificate or
/// a paper, is not there or does not fit what stands by then.
struct PreparedInVain: Error {}

extension RegistryStore {
  /// Whether an order would have a permit made, as things stand: what decides whether to sign. The
  /// decision that counts is `issue`'s own.
  func wouldIssue(_ command: IssueCommand, at now: Timestamp) async throws -> Bool {
    try await self.read { snapshot in
      let person = try self.persons.find(
        snapshot, citizenID: command.holder.citizenID.text)
      let record = try self.record(snapshot, command, of: person)
      guard case .issue = try self.decide(command, over: record, at: now) else { return false }
      return true
    }
  }

  /// Decides and, if a permit is to be made, saves the prepared one; else the one that stands.
  ///
  /// Throws `PreparedInVain` where one is to be made and none was prepared, what the decision
  /// does, and what was reported of the person that stands against it. Another transaction that
  /// was first is met at the commit, as a violation of `permit_case` or `permit_live`.
  func issue(
    _ transaction: Transaction, _ command: IssueCommand, _ prepared: PreparedPermit?,
    _ stamp: Stamp
  ) throws -> IssuedPermit {
    let person = try self.persons.findOrCreate(
      transaction, citizenID: command.holder.citizenID.text, newID: stamp.newID(), now: stamp.now)
    let record = try self.record(transaction, command, of: person)
    switch try self.decide(command, over: record, at: stamp.now) {
    case .existing(let permit):
      return IssuedPermit(
        permit: permit, signed: try self.permits.signedDocument(transaction, of: permit.id))
    case .issue(let earlier):
      let facts = try self.persons.events.facts(transaction, of: person)
      try facts.checkMayHold(
        permitIn: command.residence.division, self.machine.policy.divisions)
      try facts.checkNumber(command.holder.citizenID)
      guard let prepared else { throw PreparedInVain() }
      if let earlier { try self.cancel(transaction, earlier, for: command, stamp) }
      let step = Step(
        from: nil, to: prepared.permit, PermitStep.issued(prepared, command, to: person),
        telling: prepared.messages)
      try self.permits.write(transaction, step, stamp)
      return IssuedPermit(
        permit: prepared.permit, signed: prepared.certificate.signed,
        cancelledIdentifier: earlier?.certificateIdentifier)
    }
  }

  /// The earlier permit of a holder who is given a new one: its end, before the new one begins.
  private func cancel(
    _ transaction: Transaction, _ earlier: Permit, for command: IssueCommand, _ stamp: Stamp
  ) throws {
    let beside = PermitStep.Beside(detail: "case \(command.caseID)")
    try self.permits.write(
      transaction,
      self.step(from: earlier, .cancelled(.converted), beside, telling: nil, stamp), stamp)
  }

  private func decide(
    _ command: IssueCommand, over record: IssueDecision.Record, at now: Timestamp
  ) throws -> IssueDecision {
    try IssueDecision.decide(command, over: record, by: self.machine, now: now)
  }

  /// What is on record that bears on an order.
  private func record(
    _ snapshot: Snapshot, _ command: IssueCommand, of person: ID<Storage.Person>?
  ) throws -> IssueDecision.Record {
    // Permits that were imported have no case: said, or the index, which leaves them out, is of
    // no use and the whole table is read.
    let row = try snapshot.row(
      """
      SELECT \(sql: PermitRow.columns), person_id FROM permit
      WHERE case_id = \(command.caseID) AND case_id <> ''
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
