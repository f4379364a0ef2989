import DomainModel
import Storage

/// The approval service's database. A method that takes a transaction or a snapshot is a part of
/// the one closure of its caller; the others are whole transactions.
struct ApprovalStore: Sendable {
  let store: any Store
  let inbox: Inbox
  let outbox: Outbox
  let history: History
  let sealed: SealedColumns
  /// A case as it stands, with its materials, in the contract's format, for its history.
  let encode: @Sendable (ApprovalCase, CaseFile) throws -> [UInt8]

  /// The columns with personal data.
  struct SealedColumns: Sendable {
    let form: SealedColumn
    let materials: SealedColumn
    let findings: SealedColumn
    let opinion: SealedColumn
    let issueRefused: SealedColumn
  }

  init(
    _ store: any Store, sealer: any Sealer,
    encode: @escaping @Sendable (ApprovalCase, CaseFile) throws -> [UInt8]
  ) {
    self.store = store
    self.encode = encode
    self.inbox = Inbox(sealer: sealer)
    self.outbox = Outbox(sealer: sealer)
    self.history = History(sealer: sealer)
    self.sealed = SealedColumns(
      form: SealedColumn(sealer, table: "case_file", column: "form"),
      materials: SealedColumn(sealer, table: "case_file", column: "materials"),
      findings: SealedColumn(sealer, table: "case_file", column: "findings"),
      opinion: SealedColumn(sealer, table: "opinion", column: "body"),
      issueRefused: SealedColumn(sealer, table: "approval_case", column: "issue_refused"))
  }

  /// Opens a case, once an application: a second call answers the first case, whatever its key. One
  /// that is known to have stood somewhere else before it was lost is brought there.
  func open(
    _ opening: CaseOpening, by actor: Actor, _ call: InboxCall, now: Timestamp,
    answer: @escaping @Sendable (ID<ApprovalCase>) throws -> [UInt8]
  ) async throws -> [UInt8] {
    try await self.store.write { transaction in
      try self.inbox.answerOnce(transaction, call, now: now) {
        let id = try self.findOrOpen(transaction, opening, by: actor, at: now)
        if let standing = opening.standing {
          try self.bring(transaction, id, to: standing, opening.papers, by: actor, at: now)
        }
        return try answer(id)
      }
    }
  }

  private func findOrOpen(
    _ transaction: Transaction, _ opening: CaseOpening, by actor: Actor, at now: Timestamp
  ) throws -> ID<ApprovalCase> {
    let file = opening.file
    let application = CaseKey.applicationID(file.origin.applicationID)
    if let first = try self.caseID(transaction, application, within: .everything) { return first }
    try self.insert(transaction, CaseRecord(file: file, progress: 0))
    try self.insert(transaction, opening.papers, of: file.id)
    try self.append(
      transaction, CaseLine(action: "opened", by: actor, at: now), file, opening.papers)
    return file.id
  }

  /// Changes a case in one transaction: loads it, asks the change what happens, saves each event
  /// with its history row and its messages to other services, and keeps the answer for a repeat.
  func change(
    _ key: CaseKey, _ change: CaseChange, _ call: InboxCall, now: Timestamp,
    answer: @escaping @Sendable (CaseRecord) throws -> [UInt8]
  ) async throws -> [UInt8] {
    try await self.store.write { transaction in
      try self.inbox.answerOnce(transaction, call, now: now) {
        try answer(self.apply(transaction, change, to: key, now: now))
      }
    }
  }

  /// The same inside a transaction that is under way. Throws `CASE_NOT_FOUND`,
  /// `OFFICER_WRONG_OFFICE` where the change does not reach the case, and what the change throws.
  @discardableResult
  func apply(
    _ transaction: Transaction, _ change: CaseChange, to key: CaseKey, now: Timestamp
  ) throws -> CaseRecord {
    guard let id = try self.caseID(transaction, key, within: change.reach),
      var record = try self.record(transaction, id)
    else { throw ServiceError(.caseNotFound) }
    var papers = try self.papers(transaction, of: id)
    for event in try change.decide(record.file) {
      let before = record
      record.file = before.file.applying(event)
      if let materials = change.materials {
        papers.materials = materials
        try self.update(transaction, materials: materials, of: id)
      }
      let messages = try change.announce(&record, event, papers)
      try self.save(transaction, record, before: before, event)
      let line = CaseLine(
        action: event.action, by: change.actor, at: now,
        detail: event.reasonCodes.joined(separator: ","))
      try self.append(transaction, line, record.file, papers)
      for message in messages { try self.outbox.enqueue(transaction, message, now: now) }
    }
    return record
  }

  /// One line of the history, with how the case stands after it.
  func append(
    _ transaction: Transaction, _ line: CaseLine, _ file: ApprovalCase, _ papers: CaseFile
  ) throws {
    try self.history.append(
      transaction,
      HistoryEntry(
        entity: file.id.text, at: line.at, actor: line.actor.principal, role: line.actor.role,
        office: line.actor.office, action: line.action, detail: line.detail),
      standing: Standing(
        state: file.state.rawValue, version: file.version, record: self.encode(file, papers)))
  }
}

/// What happened to a case, by whom and when.
struct CaseLine {
  let action: String
  let actor: Actor
  let at: Timestamp
  let detail: String

  init(action: String, by actor: Actor, at: Timestamp, detail: String = "") {
    self.action = action
    self.actor = actor
    self.at = at
    self.detail = detail
  }
}

/// A case to open.
struct CaseOpening: Sendable {
  var file: ApprovalCase
  var papers: CaseFile
  /// Where it stood before it was lost; nil for a new one.
  var standing: CaseStanding?
}

/// What shall happen to a case, and who is told. Closures of a write: they have no side effects.
struct CaseChange: Sendable {
  var actor: Actor
  /// Which cases it may be made to.
  var reach: CaseReach
  /// The encoded materials that replace the present ones; nil where they stay.
  var materials: [UInt8]?
  /// The events, or a refusal thrown.
  var decide: @Sendable (ApprovalCase) throws -> [CaseEvent]
  /// The messages an event makes necessary; counts the steps told to intake.
  var announce: @Sendable (inout CaseRecord, CaseEvent, CaseFile) throws -> [OutboxMessage]
}
