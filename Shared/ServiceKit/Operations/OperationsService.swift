internal import DomainModel
internal import Logging
internal import RPC
internal import ServiceCore
internal import Storage
internal import StorageSQLite
internal import Wire

/// `anju.operations.v1.OperationsService`: what an operator does with a running service. Every
/// service that has a store serves it.
struct OperationsService: OperationsV1.OperationsService {
  /// Who may call it: those who run the services, as they replay dead letters.
  static let access = AccessRule.only([.auditor: .everything])
  /// How many parked messages one call lists, unless told, and at most.
  static let listedDefault = 100
  static let listedMax = 500
  /// How many parked messages one call has sent again at most.
  static let unparkMax = 500
  /// How much that was lost one call has told anew at most.
  static let resendMax = 500

  let service: ServiceName
  let parts: CoreParts
  /// Nil for a service that calls nobody.
  let outbox: Outbox?
  /// What the service tells anew where another has lost it; nil for one that calls nobody.
  let retelling: LostMessage.Retelling?
  let backupDirectory: String

  private var once: AnswerOnce { AnswerOnce(self.parts, ServiceTables(self.parts)) }

  func backUpStore(
    _ request: OperationsV1.BackUpStoreRequest, _ context: CallContext
  ) async throws -> OperationsV1.BackUpStoreResponse {
    guard let store = self.parts.store as? SQLiteStore else {
      throw ServiceError(
        code: .unimplemented,
        message: "This store is no SQLite file: back it up with the database's own tools.")
    }
    let begun = self.parts.time.now()
    let (manifest, path) = try await self.backUp(store, now: begun)
    self.parts.logger.notice(
      "store backed up",
      metadata: [
        "manifest": "\(path)", "bytes": "\(manifest.bytes)", "sha256": "\(manifest.sha256)",
      ])
    return OperationsV1.BackUpStoreResponse(
      manifest: path, bytes: manifest.bytes, sha256: manifest.sha256,
      schemaVersion: Int32(clamping: manifest.schemaVersion), madeAtMs: begun.milliseconds)
  }

  private func backUp(
    _ store: SQLiteStore, now: Timestamp
  ) async throws -> (manifest: BackupManifest, path: String) {
    do {
      try FileText.makeFolder(self.backupDirectory)
      return try await Backup.make(
        of: store, service: self.service.rawValue, in: self.backupDirectory, now: now)
    } catch {
      guard error is StorageError || error is ConfigurationError else { throw error }
      // The caller may be on another machine: paths are for the log.
      self.parts.logger.error("the store was not backed up", metadata: ["error": "\(error)"])
      throw ServiceError(.storeUnavailable)
    }
  }

  /// Throws while messages are parked, for the health page: nobody loses a call by them, but
  /// somebody has to look.
  func checkParked() async throws {
    try await self.outbox?.checkParked(in: self.parts.store)
  }

  func listParkedMessages(
    _ request: OperationsV1.ListParkedMessagesRequest, _ context: CallContext
  ) async throws -> OperationsV1.ListParkedMessagesResponse {
    guard (0...Int32(Self.listedMax)).contains(request.limit) else {
      throw ServiceError(.pageInvalid)
    }
    guard let outbox = self.outbox else { return OperationsV1.ListParkedMessagesResponse() }
    let limit = request.limit == 0 ? Self.listedDefault : Int(request.limit)
    return try await self.parts.store.read { snapshot in
      let depth = try outbox.depth(snapshot)
      return OperationsV1.ListParkedMessagesResponse(
        messages: try outbox.parked(snapshot, limit: limit).map(Self.wire),
        parked: Int32(clamping: depth.parked), waiting: Int32(clamping: depth.messages))
    }
  }

  func unparkMessages(
    _ request: OperationsV1.UnparkMessagesRequest, _ context: CallContext
  ) async throws -> OperationsV1.UnparkMessagesResponse {
    let outbox = self.outbox
    let answer = try await self.once.answer(request, key: request.idempotencyKey, context) { call in
      try Self.check(request.ids.count, atMost: Self.unparkMax, at: "ids")
      return try await call.commit { transaction, _ in
        OperationsV1.UnparkMessagesResponse(
          unparked: Int32(try Self.unpark(request.ids, outbox, transaction)))
      }
    }
    let caller = try context.requireCaller().principal
    self.parts.logger.notice(
      "parked messages are sent again",
      metadata: ["caller": "\(caller)", "count": "\(answer.unparked)"])
    return answer
  }

  func resendLost(
    _ request: OperationsV1.ResendLostRequest, _ context: CallContext
  ) async throws -> OperationsV1.ResendLostResponse {
    let (outbox, retelling) = (self.outbox, self.retelling)
    let answer = try await self.once.answer(request, key: request.idempotencyKey, context) { call in
      try Self.check(request.lost.count, atMost: Self.resendMax, at: "lost")
      return try await call.commit { transaction, stamp in
        guard let outbox, let retelling else { return OperationsV1.ResendLostResponse() }
        let messages = try request.lost.flatMap { try retelling(transaction, LostMessage($0)) }
        for message in messages { try outbox.enqueue(transaction, message, now: stamp.now) }
        return OperationsV1.ResendLostResponse(messages: Int32(clamping: messages.count))
      }
    }
    let caller = try context.requireCaller().principal
    self.parts.logger.notice(
      "what others have lost is told anew",
      metadata: ["caller": "\(caller)", "messages": "\(answer.messages)"])
    return answer
  }

  private static func check(_ count: Int, atMost countMax: Int, at field: String) throws {
    guard count > countMax else { return }
    var defects = DefectList()
    defects.add(.idsTooMany, at: field)
    try defects.throwIfAny(.requestInvalid)
  }

  private static func unpark(
    _ ids: [Int64], _ outbox: Outbox?, _ transaction: Transaction
  ) throws -> Int {
    guard let outbox else { return 0 }
    if ids.isEmpty { return try outbox.unparkAll(transaction, limit: self.unparkMax) }
    return try ids.filter { try outbox.unpark(transaction, id: $0) }.count
  }

  private static func wire(_ message: ParkedMessage) -> OperationsV1.ParkedMessage {
    OperationsV1.ParkedMessage(
      id: message.id, lane: message.lane, destination: message.destination,
      method: message.method, createdAtMs: message.createdAt.milliseconds, reason: message.reason,
      behind: Int32(clamping: message.behind))
  }
}

extension LostMessage {
  init(_ wire: OperationsV1.LostMessage) {
    self.init(applicationID: wire.applicationID, what: wire.what, caseID: wire.caseID)
  }
}
