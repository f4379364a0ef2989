import DomainModel
import Logging
import RPC
import Wire

extension IntakeHandlers {
  /// Answers a once-only notice: the case goes on, and the approval service gets all materials
  /// anew.
  func supplementApplication(
    _ request: IntakeV1.SupplementApplicationRequest, _ context: CallContext
  ) async throws -> IntakeV1.SupplementApplicationResponse {
    let caller = try context.requireCaller()
    let call = try Self.inboxCall(request, key: request.idempotencyKey, context)
    let now = self.effects.time.now()
    let id = ID<Application>(request.applicationID)
    let event = Self.event("supplemented", of: id, by: caller, at: now)
    let answer = try await self.store.answerOnce(call, at: now) { transaction in
      let application = try transaction.application(id, within: Self.reach(of: caller))
      let next = try application.supplementing(at: now)
      guard let notice = application.openNotice else { throw application.wrongState }
      try transaction.saveSupplement(next, answering: notice, by: event)
      try transaction.owe(CaseMessages.resumeClock(next, answering: notice, at: now))
      return try IntakeV1.SupplementApplicationResponse(application: .init(next)).wireBytes()
    }
    context.logger.info("application supplemented", metadata: ["application.id": "\(id)"])
    return try IntakeV1.SupplementApplicationResponse(wireBytes: answer)
  }
}
