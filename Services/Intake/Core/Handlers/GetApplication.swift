import DomainModel
import RPC
import ServiceCore
import Wire

extension IntakeHandlers {
  /// One application, by id or number, as it is or as it stood.
  func getApplication(
    _ request: IntakeV1.GetApplicationRequest, _ context: CallContext
  ) async throws -> IntakeV1.GetApplicationResponse {
    let key: ApplicationKey
    switch request.key {
    case .applicationID(let id): key = .id(ID(id))
    case .applicationNumber(let number): key = .number(number)
    case nil:
      throw ServiceError(
        .requestInvalid, violations: [DefectReason.fieldMissing.violation(at: "key")])
    }
    let reach = try Reach(of: context)
    guard let instant = try Timestamp.asOf(request.asOfMs, now: self.time.now()) else {
      let (application, deliveries) = try await self.store.findTold(key, within: reach)
      return IntakeV1.GetApplicationResponse(
        application: try .init(application),
        reusable: try await self.reusable(for: application, within: reach),
        deliveries: deliveries.map(IntakeV1.NoticeDelivery.init))
    }
    let past = try await self.store.find(key, asOf: instant, within: reach)
    return IntakeV1.GetApplicationResponse(
      application: try .init(past),
      deliveries: past.deliveries.map(IntakeV1.NoticeDelivery.init))
  }
}
