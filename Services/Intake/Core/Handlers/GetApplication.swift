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
      let application = try await self.store.find(key, within: reach)
      return IntakeV1.GetApplicationResponse(
        application: try .init(application),
        reusable: try await self.reusable(for: application, within: reach),
        deliveries: try await self.deliveries(of: application))
    }
    let past = try await self.store.find(key, asOf: instant, within: reach)
    return IntakeV1.GetApplicationResponse(
      application: try .init(past), deliveries: try await self.deliveries(of: past.present))
  }

  /// How the texts about it ended.
  private func deliveries(of application: Application) async throws -> [IntakeV1.NoticeDelivery] {
    // Nobody is told of a draft.
    if application.submission == nil { return [] }
    return try await self.store.deliveries(of: application.id).map(IntakeV1.NoticeDelivery.init)
  }
}
