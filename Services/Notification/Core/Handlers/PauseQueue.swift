import DomainModel
import RPC
import ServiceCore
import Wire

extension NotificationHandlers {
  /// How long a reason is at most, in Unicode scalars.
  static let pauseReasonCharactersMax = 200

  /// Stops sending messages of some classes, or of all.
  func pauseQueue(
    _ request: NotificationV1.PauseQueueRequest, _ context: CallContext
  ) async throws -> NotificationV1.PauseQueueResponse {
    try await self.once.answer(request, key: request.idempotencyKey, context) { call in
      var defects = DefectList()
      defects.add(
        TextRules.defects(of: request.reason, charactersMax: Self.pauseReasonCharactersMax),
        at: "reason")
      let classes = Self.checked(request.classes, at: "classes", &defects)
      try defects.throwIfAny(.requestInvalid)
      return try await call.commit { transaction, stamp in
        try self.store.pause(
          transaction, classes.isEmpty ? MessageTemplate.Class.allCases : classes,
          reason: request.reason, stamp)
        return NotificationV1.PauseQueueResponse(
          pauses: try self.store.pauses(transaction).map(NotificationV1.QueuePause.init))
      }
    }
  }

  /// Classes that a request names; notes those that are none.
  static func checked(
    _ classes: [NotificationV1.MessageClass], at field: String, _ defects: inout DefectList
  ) -> [MessageTemplate.Class] {
    if classes.count > MessageTemplate.Class.allCases.count {
      defects.add(.idsTooMany, at: field)
      return []
    }
    return classes.enumerated().compactMap { index, wire in
      let known = MessageTemplate.Class(wire)
      if known == nil { defects.add(.valueUnknown, at: "\(field)[\(index)]") }
      return known
    }
  }
}
