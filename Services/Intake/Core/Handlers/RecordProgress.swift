import DomainModel
import Logging
import RPC
import Wire

/// What the approval service tells of a case.
struct CaseProgressHandlers: IntakeV1.CaseProgressService {
  /// The only service that may call.
  static let approval = "approval"

  let store: IntakeStore
  let effects: IntakeEffects
  let policy: PolicySettings

  /// Records one step of a case. A step that is known already changes nothing, whatever its key.
  func recordProgress(
    _ request: IntakeV1.RecordProgressRequest, _ context: CallContext
  ) async throws -> IntakeV1.RecordProgressResponse {
    let caller = try context.requireCaller()
    guard caller.id == Self.approval else { throw ServiceError(.callerNotAllowed) }
    let call = try IntakeHandlers.inboxCall(request, key: request.idempotencyKey, context)
    let progress = try Progress(request)
    let id = ID<Application>(request.applicationID)
    let now = self.effects.time.now()
    let event = IntakeHandlers.event(
      progress.name, of: id, by: caller, at: now, detail: progress.detail)
    let policy = self.policy
    let answer = try await self.store.answerOnce(call, at: now) { transaction in
      let application = try transaction.application(id, within: .everything)
      if let next = try application.recording(progress, sequence: request.sequence, at: now) {
        try transaction.save(next, after: progress, by: event)
        if let text = try Texts.told(of: progress, next, policy: policy) {
          try transaction.owe(text)
        }
      }
      return try IntakeV1.RecordProgressResponse().wireBytes()
    }
    context.logger.info(
      "application progressed",
      metadata: ["application.id": "\(id)", "case.step": "\(progress.name)"])
    return try IntakeV1.RecordProgressResponse(wireBytes: answer)
  }
}

extension Progress {
  /// Why, for the history: the reasons' codes.
  fileprivate var detail: String {
    switch self {
    case .supplementNeeded(let notice): notice.reasons.map(\.code).joined(separator: ",")
    case .notAccepted(let refusal), .refused(let refusal):
      refusal.reasons.map(\.code).joined(separator: ",")
    case .accepted, .completed: ""
    }
  }
}
