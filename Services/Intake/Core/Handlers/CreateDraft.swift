import DomainModel
import RPC
import ServiceCore
import Wire

extension IntakeHandlers {
  /// Opens a draft under the policy that is in force, of a kind that can be carried to its effect.
  func createDraft(
    _ request: IntakeV1.CreateDraftRequest, _ context: CallContext
  ) async throws -> IntakeV1.CreateDraftResponse {
    let caller = try context.requireCaller()
    var answer = try await self.once.answer(request, key: request.idempotencyKey, context) { call in
      let (kind, channel) = try Self.choices(of: request)
      let policy = try self.policy(on: CivilDate(of: call.now))
      _ = try policy.open(kind, by: channel)
      let draft = Application(
        id: call.stamp.newID(), owner: caller.principal, kind: kind, channel: channel,
        under: policy.version, at: call.now)
      let draftsMax = DraftLimits.draftsMax(of: caller.kind)
      return try await call.commit { transaction, stamp in
        try self.store.open(transaction, draft, draftsMax: draftsMax, stamp)
        return IntakeV1.CreateDraftResponse(application: .init(outlineOf: draft))
      }
    }
    // Looked up for each answer: what is kept for repeats holds nothing of a person's papers.
    answer.reusable = try await self.offers(for: answer, to: caller)
    return answer
  }

  /// What an applicant's new draft need not be given again; a platform's names nobody yet. A repeat
  /// may come when the draft has gone.
  private func offers(
    for answer: IntakeV1.CreateDraftResponse, to caller: Caller
  ) async throws -> [IntakeV1.ReusableMaterial] {
    guard caller.kind == .applicant, let id = answer.application?.applicationID else { return [] }
    let reach = Reach.owned(by: caller.principal, citizenID: Reach.citizenID(of: caller))
    do {
      let draft = try await self.store.find(.id(ID(id)), within: reach)
      return try await self.reusable(for: draft, within: reach)
    } catch let error as ServiceError where error.reason == ErrorReason.applicationNotFound.rawValue
    {
      return []
    }
  }

  private static func choices(
    of request: IntakeV1.CreateDraftRequest
  ) throws -> (ApplicationKind, ApplicationChannel) {
    var defects = DefectList()
    let kind = defects.take(ApplicationKind.chosen(request.kind), at: "kind")
    let channel = defects.take(ApplicationChannel.chosen(request.channel), at: "channel")
    try defects.throwIfAny(.requestInvalid)
    guard let kind, let channel else { throw ServiceError(.requestInvalid) }
    return (kind, channel)
  }
}

/// How many drafts there may be.
enum DraftLimits {
  /// How many drafts of one kind an applicant has at most, for himself and his wards.
  static let ofApplicantMax = 10

  /// How many drafts of one kind a caller may have; nil for a platform, which has as many as it has
  /// applicants: `draft_days` bounds those.
  static func draftsMax(of kind: Caller.Kind) -> Int? {
    kind == .applicant ? Self.ofApplicantMax : nil
  }
}
