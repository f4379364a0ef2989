import DomainModel
import RPC
import ServiceCore
import Storage
import Wire

extension NotificationHandlers {
  /// How many messages one call watches by their ids at most.
  static let watchedIDsMax = 100
  /// How many messages about one thing it watches at most: the first ones.
  static let watchedMax = 500

  /// Streams messages as they are and after each change; those named by their ids until all of them
  /// have come to an end. Throws `SERVICE_STOPPING` when the process ends before.
  func watchMessages(
    _ request: NotificationV1.WatchMessagesRequest,
    _ responses: ResponseWriter<NotificationV1.WatchMessagesResponse>, _ context: CallContext
  ) async throws {
    let ids = try Self.checkedIDs(of: request)
    let caller = try context.requireCaller()
    try self.watches.take(for: caller)
    defer { self.watches.giveBack(by: caller) }
    var seen: [ID<Message>: Int64] = [:]
    for try await _ in self.store.changes(by: self.time) {
      let messages =
        ids.isEmpty
        ? try await self.store.messages(
          .reference(request.reference), after: "", limit: Self.watchedMax)
        : try await self.store.messages(ids)
      for message in messages where seen[message.id] != message.version {
        try await responses.write(.init(message: .init(message)))
        seen[message.id] = message.version
      }
      if !ids.isEmpty, messages.allSatisfy(\.delivery.state.isEnd) { return }
    }
    throw ServiceError(.serviceStopping, retryDelayMs: CallSlots.retryDelayMs)
  }

  private static func checkedIDs(
    of request: NotificationV1.WatchMessagesRequest
  ) throws -> [ID<Message>] {
    var defects = DefectList()
    let ids = request.messageIDs
    if ids.isEmpty {
      defects.add(
        TextRules.defects(
          of: request.reference, charactersMax: MessageClaim.referenceCharactersMax),
        at: "reference")
    } else if !request.reference.isEmpty {
      defects.add(.fieldNotWanted, at: "reference")
    }
    if ids.count > Self.watchedIDsMax { defects.add(.idsTooMany, at: "message_ids") }
    try defects.throwIfAny(.requestInvalid)
    return ids.map { ID($0) }
  }
}
