import DomainModel
import Logging
import RPC
import ServiceCore
import Storage
import Wire

extension CaseProgressHandlers {
  /// Records one step of a case. A step that is known already changes nothing, whatever its key.
  func recordProgress(
    _ request: IntakeV1.RecordProgressRequest, _ context: CallContext
  ) async throws -> IntakeV1.RecordProgressResponse {
    let id = ID<Application>(request.applicationID)
    return try await self.once.answer(request, key: request.idempotencyKey, context) { call in
      let progress = try Progress(request)
      let answer = try await call.commit { transaction, stamp in
        let before = try self.store.application(transaction, .id(id), within: .everything)
        let next = try before.recording(
          progress, sequence: request.sequence, on: self.announcer.terms.road(of: before),
          at: stamp.now)
        if let next {
          let step = ApplicationStep(next: next, event: .progressed(progress))
          // Who was told of a step before is not told again.
          let messages = request.again ? [] : try self.announcer.messages(step)
          try self.store.write(
            transaction, Step(from: before, to: next, step.event, telling: messages), stamp)
        }
        return IntakeV1.RecordProgressResponse()
      }
      context.logger.info(
        "application progressed",
        metadata: ["application.id": "\(id)", "case.step": "\(progress.name)"])
      return answer
    }
  }
}
