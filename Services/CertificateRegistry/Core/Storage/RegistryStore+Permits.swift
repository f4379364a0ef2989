import DomainModel
import Storage

/// A permit made and signed outside of the transaction that may save it.
struct PreparedPermit: Hashable, Sendable {
  let permit: Permit
  let signed: SignedDocument
  /// The public key that verifies the signature, PEM.
  let publicKeyPEM: String
  /// The text to the holder; nil where he was told already.
  let message: OutboxMessage?
}

/// How an attempt to issue ended.
enum IssueOutcome: Hashable, Sendable {
  /// The encoded answer.
  case answered([UInt8])
  /// A permit is to be issued and none was prepared: sign one and try again.
  case needsSignature
}

extension RegistryStore {
  /// Whether an order would have a permit made, as things stand: what decides whether to sign. The
  /// decision that counts is `issue`'s own.
  func wouldIssue(_ command: IssueCommand) async throws -> Bool {
    try await self.store.read { snapshot in
      let person = try self.persons.find(
        snapshot, citizenID: command.holder.citizenID.text)
      let record = try self.record(snapshot, command, of: person)
      return record.ofCase == nil && record.live == nil
    }
  }

  /// Decides and, if a permit is to be made, saves the prepared one: permit, history and the text
  /// to the holder in one transaction. Answers with what `reply` makes of the permit.
  func issue(
    _ command: IssueCommand, _ prepared: PreparedPermit?, _ call: InboxCall, _ stamp: Stamp,
    reply: @escaping @Sendable (Permit, SignedDocument) throws -> [UInt8]
  ) async throws -> IssueOutcome {
    do {
      let answer = try await self.store.write { transaction in
        try self.inbox.answerOnce(transaction, call, now: stamp.now) {
          let person = try self.persons.findOrCreate(
            transaction, citizenID: command.holder.citizenID.text, newID: stamp.newPerson,
            now: stamp.now)
          let record = try self.record(transaction, command, of: person)
          switch try IssueDecision.decide(command, over: record) {
          case .existing(let permit):
            return try reply(permit, self.signedDocument(transaction, of: permit.id))
          case .issue:
            guard let prepared else { throw SignatureNeeded() }
            try self.insert(transaction, prepared, command, person, stamp)
            return try reply(prepared.permit, prepared.signed)
          }
        }
      }
      return .answered(answer)
    } catch is SignatureNeeded {
      return .needsSignature
    } catch StorageError.uniqueViolation(constraint: "permit_case"),
      StorageError.uniqueViolation(constraint: "permit_live")
    {
      // Another transaction was first; the next attempt sees its permit.
      return .needsSignature
    }
  }

  /// What is on record that bears on an order.
  private func record(
    _ snapshot: Snapshot, _ command: IssueCommand, of person: ID<Storage.Person>?
  ) throws -> IssueDecision.Record {
    let row = try snapshot.row(
      """
      SELECT person_id, \(sql: PermitRow.columns)
      FROM permit WHERE case_id = \(command.caseID)
      """)
    var record = IssueDecision.Record()
    if let row {
      record.ofCase = try PermitRow.permit(row)
      record.isSameHolder = try row.text("person_id") == person?.text
    }
    record.live = try person.flatMap { try self.livePermit(snapshot, of: $0, within: .everything) }
    return record
  }

  private func insert(
    _ transaction: Transaction, _ prepared: PreparedPermit, _ command: IssueCommand,
    _ person: ID<Storage.Person>, _ stamp: Stamp
  ) throws {
    let permit = prepared.permit
    let document = try self.columns.permitDocument.seal(
      prepared.signed.document, row: permit.id.text)
    let phone = try self.columns.permitPhone.seal(command.phone.text, row: permit.id.text)
    try transaction.execute(
      """
      INSERT INTO signing_key (key_id, public_key_pem, first_used_at)
      VALUES (\(permit.keyID), \(prepared.publicKeyPEM), \(stamp.now))
      ON CONFLICT (key_id) DO NOTHING
      """)
    try transaction.execute(
      """
      INSERT INTO permit (permit_id, certificate_identifier, person_id, application_id, case_id,
        division_code, bureau_code, issued_on, valid_to_on, issued_at, cancelled_at,
        policy_version, key_id, document, signature, phone, version)
      VALUES (\(permit.id), \(permit.certificateIdentifier), \(person), \(permit.applicationID),
        \(permit.caseID), \(command.residence.division), \(permit.bureauCode),
        \(permit.term.issuedOn.iso), \(permit.term.validToOn.iso), \(permit.issuedAt), NULL,
        \(command.policyVersion), \(permit.keyID), \(document), \(prepared.signed.signature),
        \(phone), 1)
      """)
    try self.history.append(
      transaction,
      HistoryEntry(
        entity: permit.id.text, at: stamp.now, actor: stamp.actor, role: "approve",
        office: stamp.office, action: command.lost == nil ? "issue_permit" : "restore_permit",
        detail: "case \(permit.caseID)"))
    if let message = prepared.message {
      try self.outbox.enqueue(transaction, message, now: stamp.now)
    }
  }
}

/// Leaves the transaction without an effect where a permit must be signed first.
private struct SignatureNeeded: Error {}
