import DomainModel
import RPC
import Wire

extension IntakeHandlers {
  /// Opens a draft under the policy that is in force.
  func createDraft(
    _ request: IntakeV1.CreateDraftRequest, _ context: CallContext
  ) async throws -> IntakeV1.CreateDraftResponse {
    let caller = try context.requireCaller()
    let call = try Self.inboxCall(request, key: request.idempotencyKey, context)
    let (kind, channel) = try Self.choices(of: request)
    let now = self.effects.time.now()
    let draft = Application(
      id: self.effects.makeID(now), owner: caller.principal, kind: kind, channel: channel,
      under: self.region.policy.version, at: now)
    let event = Self.event("draft_created", of: draft.id, by: caller, at: now)
    let answer = try await self.store.answerOnce(call, at: now) { transaction in
      try transaction.insert(draft, by: event)
      return try IntakeV1.CreateDraftResponse(application: .init(draft)).wireBytes()
    }
    return try IntakeV1.CreateDraftResponse(wireBytes: answer)
  }

  private static func choices(
    of request: IntakeV1.CreateDraftRequest
  ) throws -> (ApplicationKind, Channel) {
    var defects = DefectList()
    let kind = defects.take(ApplicationKind.chosen(request.kind), at: "kind")
    let channel = defects.take(Channel.chosen(request.channel), at: "channel")
    try defects.throwIfAny(.requestInvalid)
    guard let kind, let channel else { throw ServiceError(.requestInvalid) }
    return (kind, channel)
  }
}
