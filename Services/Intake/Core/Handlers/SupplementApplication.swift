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
    let id = ID<Application>(request.applicationID)
    return try await self.once.answer(request, key: request.idempotencyKey, context) { call in
      let reach = try Reach(of: context)
      let answer = try await call.commit { transaction, stamp in
        let after = try self.change(transaction, id, within: reach, stamp) { application in
          let next = try application.supplementing(at: stamp.now)
          guard let notice = application.openNotice else { throw application.wrongState }
          return ApplicationStep(next: next, event: .supplemented(notice))
        }
        return IntakeV1.SupplementApplicationResponse(application: .init(outlineOf: after))
      }
      context.logger.info("application supplemented", metadata: ["application.id": "\(id)"])
      return answer
    }
  }
}
