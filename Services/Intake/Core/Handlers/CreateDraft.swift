import DomainModel
import RPC
import ServiceCore
import Wire

extension IntakeHandlers {
  /// Opens a draft under the policy that is in force, in a channel that is the caller's, and says
  /// which notice is to be read.
  func createDraft(
    _ request: IntakeV1.CreateDraftRequest, _ context: CallContext
  ) async throws -> IntakeV1.CreateDraftResponse {
    let caller = try context.requireCaller()
    var answer = try await self.once.answer(request, key: request.idempotencyKey, context) { call in
      let (kind, channel) = try Self.choices(of: request, by: caller)
      let policy = try self.policy(on: CivilDate(of: call.now))
      _ = try policy.offered(kind, by: channel)
      var draft = Application(
        id: call.stamp.newID(), owner: caller.principal, kind: kind, channel: channel,
        under: policy.version, at: call.now)
      draft.enteredAt = try caller.entryOffice
      let opened = draft
      let draftsMax = DraftLimits.draftsMax(of: caller.kind)
      return try await call.commit { transaction, stamp in
        try self.store.open(transaction, opened, draftsMax: draftsMax, stamp)
        return IntakeV1.CreateDraftResponse(
          application: .init(outlineOf: opened),
          notice: IntakeV1.Notice(version: policy.noticeVersion))
      }
    }
    // Looked up for each answer: what is kept for repeats is short, and holds nothing of a person's
    // papers.
    let version = answer.notice?.version ?? ""
    answer.notice?.text = self.region.notices.text(of: version) ?? ""
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
    of request: IntakeV1.CreateDraftRequest, by caller: Caller
  ) throws -> (ApplicationKind, ApplicationChannel) {
    var defects = DefectList()
    let kind = defects.take(ApplicationKind.chosen(request.kind), at: "kind")
    let channel = defects.take(ApplicationChannel.chosen(request.channel), at: "channel")
    if let channel, !caller.channels.contains(channel) {
      defects.add(.channelNotOfCaller, at: "channel")
    }
    try defects.throwIfAny(.requestInvalid)
    guard let kind, let channel else { throw ServiceError(.requestInvalid) }
    return (kind, channel)
  }
}

/// How many drafts there may be.
enum DraftLimits {
  /// How many drafts of one kind an applicant has at most, for himself and his wards.
  static let ofApplicantMax = 10
  /// How many drafts of one kind an officer has at most, of those who were at his counter.
  static let ofOfficerMax = 100

  /// How many drafts of one kind a caller may have; nil for a platform, which has as many as it has
  /// applicants: `draft_days` bounds those.
  static func draftsMax(of kind: Caller.Kind) -> Int? {
    switch kind {
    case .applicant: Self.ofApplicantMax
    case .officer: Self.ofOfficerMax
    case .integrator, .service, .auditor: nil
    }
  }
}
