import DomainModel
import Logging
import RPC
import ServiceCore
import Wire

extension CaseProgressHandlers {
  /// Records how a text about an application ended. One about something else, such as a permit that was
  /// imported, belongs to no file.
  func recordDelivery(
    _ request: IntakeV1.RecordDeliveryRequest, _ context: CallContext
  ) async throws -> IntakeV1.RecordDeliveryResponse {
    let id = ID<Application>(request.applicationID)
    return try await self.once.answer(request, key: request.idempotencyKey, context) { call in
      let delivery = try NoticeDelivery(request)
      let answer = try await call.commit { transaction, _ in
        let isKnown = try self.store.record(transaction, delivery, about: id)
        return IntakeV1.RecordDeliveryResponse(known: isKnown)
      }
      if answer.known, delivery.isStatutory, [.failed, .expired, .unknown].contains(delivery.state)
      {
        context.logger.warning(
          "a statutory notice was not delivered",
          metadata: [
            "application.id": "\(id)", "message.id": "\(delivery.messageID)",
            "message.state": "\(delivery.state.rawValue)",
          ])
      }
      return answer
    }
  }
}
