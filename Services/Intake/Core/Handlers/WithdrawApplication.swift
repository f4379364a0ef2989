import DomainModel
import Logging
import RPC
import ServiceCore
import Storage
import Wire

extension IntakeHandlers {
  /// Takes a submitted application back before it is decided (撤回): the case is asked, and once it
  /// has taken that the application is withdrawn. Whoever asks again meanwhile changes nothing.
  func withdrawApplication(
    _ request: IntakeV1.WithdrawApplicationRequest, _ context: CallContext
  ) async throws -> IntakeV1.WithdrawApplicationResponse {
    let id = ID<Application>(request.applicationID)
    return try await self.once.answer(request, key: request.idempotencyKey, context) { call in
      let reach = try Reach(of: context)
      let answer = try await call.commit { transaction, stamp in
        let before = try self.store.application(transaction, .id(id), within: reach)
        let road = self.announcer.terms.road(of: before)
        guard let next = try before.askingBack(on: road, at: stamp.now) else {
          return IntakeV1.WithdrawApplicationResponse(askedFor: before)
        }
        let step = ApplicationStep(next: next, event: .withdrawalRequested)
        try self.store.write(
          transaction,
          Step(
            from: before, to: next, step.event, telling: try self.announcer.messages(step)),
          stamp)
        return IntakeV1.WithdrawApplicationResponse(askedFor: next)
      }
      context.logger.info("withdrawal asked for", metadata: ["application.id": "\(id)"])
      return answer
    }
  }
}

extension IntakeV1.WithdrawApplicationResponse {
  fileprivate init(askedFor application: Application) {
    self.init(
      version: application.version,
      requestedAtMs: application.withdrawal?.requestedAt.milliseconds ?? 0)
  }
}
