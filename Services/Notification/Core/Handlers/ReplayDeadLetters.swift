import DomainModel
import RPC
import ServiceCore
import Wire

extension NotificationHandlers {
  /// How many dead letters one call replays at most.
  static let replayMax = 500

  /// Puts dead letters back into the queue, each under its own id: all that are named, or none.
  func replayDeadLetters(
    _ request: NotificationV1.ReplayDeadLettersRequest, _ context: CallContext
  ) async throws -> NotificationV1.ReplayDeadLettersResponse {
    try await self.once.answer(request, key: request.idempotencyKey, context) { call in
      let ids = try Self.checkedIDs(request.messageIDs)
      return try await call.commit { transaction, stamp in
        try self.store.replay(transaction, ids, stamp)
        return NotificationV1.ReplayDeadLettersResponse(replayed: Int32(ids.count))
      }
    }
  }

  private static func checkedIDs(_ texts: [String]) throws -> [ID<Message>] {
    var defects = DefectList()
    if texts.isEmpty { defects.add(.idsMissing, at: "message_ids") }
    if texts.count > Self.replayMax { defects.add(.idsTooMany, at: "message_ids") }
    var seen: Set<String> = []
    for (index, text) in texts.prefix(Self.replayMax).enumerated()
    where !seen.insert(text).inserted {
      defects.add(.idRepeated, at: "message_ids[\(index)]")
    }
    try defects.throwIfAny(.requestInvalid)
    return texts.map { ID($0) }
  }
}
