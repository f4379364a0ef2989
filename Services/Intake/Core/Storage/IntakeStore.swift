import DomainModel
import Storage

/// The intake service's database. A method that takes a transaction or a snapshot is a part of the
/// one closure of its caller; the others are whole transactions.
struct IntakeStore: Sendable {
  /// Signalled by each commit that changed an application.
  static let topic: Topic = "application"

  private let database: any Store
  let inbox: Inbox
  let outbox: Outbox
  let history: History
  let persons: PersonDirectory
  let sealed: SealedColumns
  let formats: Formats

  /// How what is stored is read and written where its format is the contract's, which storage does
  /// not know.
  struct Formats: Sendable {
    /// A stored form.
    var readForm: @Sendable ([UInt8]) throws -> FormInput
    /// An application as it stands, without its form, for its history.
    var record: @Sendable (Application) throws -> [UInt8]
  }

  /// The columns with personal data.
  struct SealedColumns: Sendable {
    let form: SealedColumn
    let reasonText: SealedColumn
    let piece: SealedColumn
  }

  init(
    _ database: any Store, sealer: any Sealer, index: any BlindIndex,
    formats: Formats
  ) {
    self.database = database
    self.inbox = Inbox(sealer: sealer)
    self.outbox = Outbox(sealer: sealer)
    self.history = History(sealer: sealer)
    self.persons = PersonDirectory(sealer: sealer, index: index)
    self.sealed = SealedColumns(
      form: SealedColumn(sealer, table: "application", column: "form"),
      reasonText: SealedColumn(sealer, table: "application_reason", column: "text"),
      piece: SealedColumn(sealer, table: "material_piece", column: "bytes"))
    self.formats = formats
  }

  /// Says when to look again whether an application has changed.
  func changes(by time: any TimeSource) -> Changes {
    Changes(of: Self.topic, in: self.database, by: time)
  }

  func read<Value: Sendable>(
    _ body: @escaping @Sendable (Snapshot) throws -> Value
  ) async throws -> Value {
    try await self.database.read(body)
  }

  func write<Value: Sendable>(
    _ body: @escaping @Sendable (Transaction) throws -> Value
  ) async throws -> Value {
    try await self.database.write(body)
  }

  /// Opens a draft. Throws `DRAFTS_TOO_MANY` where its owner has `draftsMax` of this kind already.
  func open(
    _ draft: Application, draftsMax: Int?, by actor: Actor, _ call: InboxCall,
    answer: @escaping @Sendable (Application) throws -> [UInt8]
  ) async throws -> [UInt8] {
    try await self.write { transaction in
      try self.inbox.answerOnce(transaction, call, now: draft.createdAt) {
        if let draftsMax, try self.draftCount(transaction, like: draft) >= draftsMax {
          throw ServiceError(.draftsTooMany, metadata: ["drafts_max": String(draftsMax)])
        }
        try self.insert(transaction, draft)
        let step = ApplicationStep(next: draft, event: .drafted)
        try self.append(transaction, step, by: actor, at: draft.createdAt)
        return try answer(draft)
      }
    }
  }

  /// Changes an application in one transaction: loads it, asks the change what happens, saves that
  /// with its history row and its messages to other services, and keeps the answer for a repeat.
  ///
  /// Throws `APPLICATION_NOT_FOUND` where the caller may not reach it, and what the change throws.
  func change(
    _ id: ID<Application>, within reach: Reach, _ change: ApplicationChange, _ call: InboxCall,
    answer: @escaping @Sendable (Application) throws -> [UInt8]
  ) async throws -> [UInt8] {
    try await self.write { transaction in
      try self.inbox.answerOnce(transaction, call, now: change.now) {
        let before = try self.application(transaction, .id(id), within: reach)
        guard let step = try change.decide(before) else { return try answer(before) }
        try self.save(transaction, step, from: before.version, change)
        try self.append(transaction, step, by: change.actor, at: change.now)
        for message in try change.announce(step) {
          try self.outbox.enqueue(transaction, message, now: change.now)
        }
        return try answer(step.next)
      }
    }
  }

  /// One line of the history, with how the application stands after it; whoever waits for changes
  /// is woken.
  func append(
    _ transaction: Transaction, _ step: ApplicationStep, by actor: Actor, at now: Timestamp
  ) throws {
    let next = step.next
    try self.history.append(
      transaction, HistoryEntry(step.event, of: next.id, by: actor, at: now),
      standing: Standing(
        state: next.state.rawValue, version: next.version, record: self.formats.record(next)))
    transaction.signal(Self.topic)
  }
}

extension HistoryEntry {
  /// What happened to an application.
  init(
    _ event: ApplicationEvent, of id: ID<Application>, by actor: Actor, at now: Timestamp
  ) {
    self.init(
      entity: id.text, at: now, actor: actor.principal, role: actor.role, office: actor.office,
      action: event.action, detail: event.detail)
  }
}

/// What shall happen to an application, and who is told. Closures of a write: they change nothing
/// outside it.
struct ApplicationChange: Sendable {
  var actor: Actor
  var now: Timestamp
  /// Become the ids of a form's persons who are not known yet.
  var newIDs: NewPersons
  /// The step; nil where there is nothing to change. Throws where it cannot be made.
  var decide: @Sendable (Application) throws -> ApplicationStep?
  /// The messages that the step makes necessary.
  var announce: @Sendable (ApplicationStep) throws -> [OutboxMessage]
}

/// Ids for the persons of a form, made before the transaction that may need them.
struct NewPersons: Sendable {
  var applicant: ID<Person>
  var guardian: ID<Person>
}
