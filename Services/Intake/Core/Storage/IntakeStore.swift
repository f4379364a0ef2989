import DomainModel
import Storage

/// The intake service's database. A method is one transaction.
struct IntakeStore: Sendable {
  /// Signalled by each commit that changed an application.
  static let topic: Topic = "application"

  let store: any Store
  let tables: IntakeTables
  let inbox: Inbox
  let outbox: Outbox

  init(
    store: any Store, sealer: any Sealer, index: any BlindIndex, readForm: @escaping FormReader
  ) {
    self.store = store
    self.inbox = Inbox(sealer: sealer)
    self.outbox = Outbox(sealer: sealer)
    self.tables = IntakeTables(sealer: sealer, index: index, readForm: readForm)
  }

  /// Answers a mutating call once: the closure's effects and its answer are kept together, and a
  /// repeated call gets that answer. The closure may run more than once.
  func answerOnce(
    _ call: InboxCall, at now: Timestamp,
    _ body: @escaping @Sendable (IntakeTransaction) throws -> [UInt8]
  ) async throws -> [UInt8] {
    try await self.store.write { transaction in
      try self.inbox.answerOnce(transaction, call, now: now) {
        try body(
          IntakeTransaction(
            transaction: transaction, tables: self.tables, outbox: self.outbox, now: now))
      }
    }
  }

  /// The answer the call was given before, nil if it was never answered.
  func firstAnswer(to call: InboxCall) async throws -> [UInt8]? {
    try await self.store.read { try self.inbox.firstAnswer($0, to: call) }
  }

  /// The application that a key names, where the caller may reach it; else throws
  /// `APPLICATION_NOT_FOUND`.
  func application(_ key: ApplicationKey, within reach: Reach) async throws -> Application {
    try await self.store.read { try self.tables.application(key, within: reach, $0) }
  }

  /// The application if it has changed since this version; nil if not. Throws
  /// `APPLICATION_NOT_FOUND` as `application` does.
  func application(
    _ id: ID<Application>, changedSince version: Int64, within reach: Reach
  ) async throws -> Application? {
    try await self.store.read { snapshot in
      guard try self.tables.version(of: id, within: reach, snapshot) != version else { return nil }
      return try self.tables.application(.id(id), within: reach, snapshot)
    }
  }

  /// The number of the person's application in progress, nil if there is none.
  func openNumber(ofCitizen citizenID: String) async throws -> String? {
    try await self.store.read { try self.tables.openNumber(ofCitizen: citizenID, $0) }
  }

  /// A page of what the caller may reach, by ascending id, after the one given.
  func page(
    after id: ID<Application>?, limit: Int, in state: ApplicationState?, within reach: Reach
  ) async throws -> [ApplicationSummary] {
    try await self.store.read {
      try self.tables.page(after: id, limit: limit, in: state, within: reach, $0)
    }
  }

  /// Forgets answers older than the inbox keeps them, in small transactions.
  func purgeInbox(at now: Timestamp) async throws {
    var removed = Inbox.purgeRowsMax
    while removed == Inbox.purgeRowsMax {
      removed = try await self.store.write { try self.inbox.purge($0, now: now) }
    }
  }
}

/// How a caller names an application.
enum ApplicationKey: Hashable, Sendable {
  case id(ID<Application>)
  /// 申请编号
  case number(String)
}

/// What a list says of an application; no personal data.
struct ApplicationSummary: Hashable, Sendable {
  var id: ID<Application>
  /// Empty for a draft.
  var number: String
  var state: ApplicationState
  var version: Int64
  var changedAt: Timestamp
  /// Empty where no permit is issued.
  var certificateIdentifier: String
}
