import DomainModel
import PermitProof
import ServiceCore
import Storage

/// What a report about a person has come to.
struct ReportedEvent: Hashable, Sendable {
  /// False where nobody is known by its numbers: then nothing was kept.
  var isKnown = true
  var ended: [ID<Registration>] = []
  var cancelledIdentifier: String?
  var newIdentifier: String?
  var phonesRemoved = 0
  /// What was changed, in the order in which the log has it.
  var changes: [LogLine] = []
}

/// A person, and what a report about him comes to.
private struct Decided {
  let person: ID<Storage.Person>
  /// A number that is to lead to him from now on.
  var number: CitizenID?
  var outcome: PersonOutcome
}

extension RegistryStore {
  /// The permit whose certificate a report has made anew as things stand, with its document and
  /// events; nil where it has none made: what decides whether to sign, and what.
  func outlook(
    _ report: PersonReport, at now: Timestamp
  ) async throws -> (permit: Permit, events: [PermitEvent], signed: SignedDocument)? {
    try await self.read { snapshot in
      let decided = try self.decide(snapshot, report, at: now)
      guard let change = decided?.outcome.permits.first(where: \.makesCertificate)
      else { return nil }
      return (
        change.permit, change.events,
        try self.permits.signedDocument(snapshot, of: change.permit.id)
      )
    }
  }

  /// Decides and saves everything that follows from a report, and what was reported.
  ///
  /// Throws `PreparedInVain` where a certificate is to be made anew and the prepared one is of
  /// another version, `PERSONS_CONFLICT`, and what the machine does.
  func report(
    _ transaction: Transaction, _ report: PersonReport, _ prepared: PreparedChange?,
    _ stamp: Stamp
  ) throws -> ReportedEvent {
    var reported = ReportedEvent()
    guard let decided = try self.decide(transaction, report, at: stamp.now) else {
      reported.isKnown = false
      // Who has no registration and no permit yet may have applied for the first.
      if let reason = report.event.closure(given: PersonFacts()) {
        try self.tellIntake(transaction, report, closing: reason, [], stamp)
      }
      return reported
    }
    if let number = decided.number {
      try self.persons.add(transaction, number, to: decided.person, stamp)
    }
    for ending in decided.outcome.endings {
      let ended = ending.registration.ended(on: ending.day, ending.reason)
      try self.registrations.write(
        transaction,
        Step(
          from: ending.registration, to: ended, .ended(ending.reason, note: report.detail)), stamp)
      reported.ended.append(ended.id)
      reported.changes.append(LogLine(entity: ended.id.text, version: ended.version))
    }
    for change in decided.outcome.permits {
      try self.change(transaction, change, prepared, for: report, &reported, stamp)
    }
    if decided.outcome.isNew {
      try self.persons.events.append(transaction, report, of: decided.person, stamp)
    }
    if let reason = decided.outcome.closure {
      let numbers = try self.persons.citizenIDs(transaction, of: decided.person)
      try self.tellIntake(transaction, report, closing: reason, numbers, stamp)
    }
    return reported
  }

  /// Also of what is on record already: something may have been applied for since, and whoever
  /// hears the same twice changes nothing.
  private func tellIntake(
    _ transaction: Transaction, _ report: PersonReport, closing reason: ClosureReason,
    _ numbers: [String], _ stamp: Stamp
  ) throws {
    let message = try PersonEventMessages.message(report, closing: reason, numbers, stamp)
    try self.tables.outbox.enqueue(transaction, message, now: stamp.now)
  }

  /// Nil where nobody is known by the report's numbers.
  private func decide(
    _ snapshot: Snapshot, _ report: PersonReport, at now: Timestamp
  ) throws -> Decided? {
    let known = try self.persons.find(snapshot, citizenID: report.citizenID.text)
    guard case .numberChanged(let next, _) = report.event else {
      return try known.map { person in
        Decided(
          person: person,
          outcome: try self.outcome(snapshot, report.event, of: person, at: now))
      }
    }
    let other = try self.persons.find(snapshot, citizenID: next.text)
    switch NumberDecision((report.citizenID, known), (next, other)) {
    case .unknown: return nil
    case .add(let number, let person):
      return Decided(
        person: person, number: number,
        outcome: try self.outcome(snapshot, report.event, of: person, at: now))
    case .stands(let person):
      return Decided(
        person: person, outcome: try self.outcome(snapshot, report.event, of: person, at: now))
    case nil: throw try self.conflict(snapshot, known, other)
    }
  }

  /// Names both by what tells no number: their ids, and the permits they hold.
  private func conflict(
    _ snapshot: Snapshot, _ one: ID<Storage.Person>?, _ other: ID<Storage.Person>?
  ) throws -> ServiceError {
    var metadata: [String: String] = [:]
    for (prefix, person) in [("", one), ("other_", other)] {
      guard let person else { continue }
      metadata["\(prefix)person_id"] = person.text
      metadata["\(prefix)certificate_identifier"] =
        try self.permits.live(snapshot, of: person, within: .everything)?.certificateIdentifier
    }
    return ServiceError(.personsConflict, metadata: metadata)
  }

  private func outcome(
    _ snapshot: Snapshot, _ event: PersonEvent, of person: ID<Storage.Person>, at now: Timestamp
  ) throws -> PersonOutcome {
    var record = PersonRecord()
    record.events = try self.persons.events.events(snapshot, of: person)
    record.registrations = try self.registrations.registrations(
      snapshot, of: person, within: .everything)
    record.live = try self.permits.live(snapshot, of: person, within: .everything).map { permit in
      let document = try self.permits.signedDocument(snapshot, of: permit.id).document
      guard let said = try? PermitDocument(canonicalBytes: document) else {
        throw UnusableData("permit \(permit.id) has a document of another form")
      }
      return PersonRecord.LivePermit(permit: permit, citizenID: said.holder.citizenID)
    }
    if case .phoneReassigned = event {
      record.phones = try self.permits.phones(snapshot, of: person)
    }
    return try self.personMachine.decide(event, over: record, now: now)
  }

  private func change(
    _ transaction: Transaction, _ change: PersonOutcome.PermitChange,
    _ prepared: PreparedChange?, for report: PersonReport, _ reported: inout ReportedEvent,
    _ stamp: Stamp
  ) throws {
    let permit = change.permit
    if change.makesCertificate, prepared?.version != permit.version { throw PreparedInVain() }
    let isTold = change.events.contains { PermitTexts(telling: $0) != nil }
    let recipient = isTold ? try self.recipient(transaction, of: permit) : nil
    let steps = try Step<Permit, PermitStep>.chain(from: permit, through: change.events) {
      permit, event in
      var beside = PermitStep.Beside(detail: report.detail)
      if event.makesCertificate { beside.certificate = prepared?.certificate }
      beside.removesPhone = event == .phoneRemoved
      return try self.step(from: permit, event, beside, telling: recipient, stamp)
    }
    try self.permits.write(transaction, steps, stamp)
    reported.changes += steps.map {
      LogLine(entity: permit.id.text, version: $0.after.version)
    }
    for event in change.events {
      switch event {
      case .cancelled: reported.cancelledIdentifier = permit.certificateIdentifier
      case .renumbered: reported.newIdentifier = steps.last?.after.certificateIdentifier
      case .phoneRemoved: reported.phonesRemoved += 1
      default: break
      }
    }
  }
}

extension PersonOutcome.PermitChange {
  fileprivate var makesCertificate: Bool { self.events.contains(where: \.makesCertificate) }
}

extension PermitTable {
  /// Where texts about a person's permits go, and since when; those of which there is no phone are
  /// left out.
  fileprivate func phones(
    _ snapshot: Snapshot, of person: ID<Storage.Person>
  ) throws -> [PersonRecord.HeldPhone] {
    try snapshot.rows(
      """
      SELECT \(sql: PermitRow.columns), phone, phone_told_at FROM permit
      WHERE person_id = \(person) ORDER BY permit_id
      """
    ).compactMap { row in
      let permit = try PermitRow.permit(row)
      let phone = try self.phone.openText(row.bytes("phone"), row: permit.id.text)
      let told: Timestamp? = try row.optional("phone_told_at")
      return phone.isEmpty
        ? nil
        : PersonRecord.HeldPhone(
          permit: permit, phone: phone, toldOn: CivilDate(of: told ?? permit.issuedAt))
    }
  }
}
