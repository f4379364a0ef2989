import DomainModel
import Logging
import RPC
import ServiceCore
import Wire

/// What the approval service tells of a case.
struct CaseProgressHandlers: IntakeV1.CaseProgressService {
  let store: IntakeStore
  let once: AnswerOnce
  let announcer: ApplicationAnnouncer
  let offices: OfficeTable
  let parts: CoreParts

  /// Records one step of a case. A step that is known already changes nothing, whatever its key.
  func recordProgress(
    _ request: IntakeV1.RecordProgressRequest, _ context: CallContext
  ) async throws -> IntakeV1.RecordProgressResponse {
    let caller = try context.requireCaller()
    let id = ID<Application>(request.applicationID)
    return try await self.once.answer(request, key: request.idempotencyKey, context) { call in
      let progress = try Progress(request)
      let now = self.parts.time.now()
      let change = ApplicationChange(
        actor: Actor(caller), now: now, newIDs: NewPersons(self.parts),
        decide: { application in
          try application.recording(progress, sequence: request.sequence, at: now).map {
            ApplicationStep(next: $0, event: .progressed(progress))
          }
        },
        // Who was told of a step before is not told again.
        announce: { step in request.again ? [] : try self.announcer.messages(step) })
      let answer = try await self.store.change(id, within: .everything, change, call) { _ in
        try IntakeV1.RecordProgressResponse().wireBytes()
      }
      context.logger.info(
        "application progressed",
        metadata: ["application.id": "\(id)", "case.step": "\(progress.name)"])
      return answer
    }
  }
}
