import DomainModel
import Logging
import RPC
import ServiceCore
import Wire

extension IntakeHandlers {
  /// Answers a once-only notice: the case goes on, and the approval service gets all materials
  /// anew.
  func supplementApplication(
    _ request: IntakeV1.SupplementApplicationRequest, _ context: CallContext
  ) async throws -> IntakeV1.SupplementApplicationResponse {
    let caller = try context.requireCaller()
    let id = ID<Application>(request.applicationID)
    return try await self.once.answer(request, key: request.idempotencyKey, context) { call in
      let now = self.time.now()
      let change = self.change(by: caller, at: now) { application in
        let next = try application.supplementing(at: now)
        guard let notice = application.openNotice else { throw application.wrongState }
        return ApplicationStep(next: next, event: .supplemented(notice))
      }
      let answer = try await self.store.change(id, within: Reach(of: context), change, call) {
        try IntakeV1.SupplementApplicationResponse(application: .init(outlineOf: $0)).wireBytes()
      }
      context.logger.info("application supplemented", metadata: ["application.id": "\(id)"])
      return answer
    }
  }
}
