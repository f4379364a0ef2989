import DomainModel
import Logging
import RPC
import ServiceCore
import Synchronization
import TestSupport
import Wire

/// An intake service that remembers how texts ended, and knows every application.
final class RecordedIntake: IntakeV1.CaseProgressService {
  private let told = Mutex<[IntakeV1.RecordDeliveryRequest]>([])

  /// What it was told, in order.
  var deliveries: [IntakeV1.RecordDeliveryRequest] { self.told.withLock { $0 } }

  /// How the texts ended, in the order in which it was told.
  var states: [IntakeV1.DeliveryState] { self.deliveries.compactMap { $0.delivery?.state } }

  func recordDelivery(
    _ request: IntakeV1.RecordDeliveryRequest, _ context: CallContext
  ) async throws -> IntakeV1.RecordDeliveryResponse {
    self.told.withLock { $0.append(request) }
    return IntakeV1.RecordDeliveryResponse(known: true)
  }

  func recordProgress(
    _ request: IntakeV1.RecordProgressRequest, _ context: CallContext
  ) async throws -> IntakeV1.RecordProgressResponse {
    throw ServiceError(.callerNotAllowed)
  }

  func restoreApplication(
    _ request: IntakeV1.RestoreApplicationRequest, _ context: CallContext
  ) async throws -> IntakeV1.RestoreApplicationResponse {
    throw ServiceError(.callerNotAllowed)
  }

  func recordPersonEvent(
    _ request: IntakeV1.RecordPersonEventRequest, _ context: CallContext
  ) async throws -> IntakeV1.RecordPersonEventResponse {
    throw ServiceError(.callerNotAllowed)
  }

  /// A way to it for the queue.
  func channel(_ clock: FakeClock, _ logger: Logger) throws -> any RPCChannel {
    typealias Methods = IntakeV1.CaseProgressServiceMethods
    var router = RPCRouter(
      identity: TestIdentity(),
      access: AccessTable([
        Methods.recordProgress: .services([.approval]),
        Methods.restoreApplication: .services([.approval]),
        Methods.recordDelivery: .services([.notification]),
        Methods.recordPersonEvent: .services([.registry]),
      ]), logger: logger)
    self.register(on: &router)
    return try InProcessTransport(router, clock: clock)
      .calling(as: Caller(service: .notification))
  }
}
