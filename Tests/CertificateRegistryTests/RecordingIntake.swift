import DomainModel
import Logging
import RPC
import Synchronization
import TestSupport
import Wire

/// An intake service that remembers what it was told of persons, and has no application of theirs.
final class RecordingIntake: Sendable {
  private let kept = Mutex<[IntakeV1.RecordPersonEventRequest]>([])

  /// What it was told, in order.
  var events: [IntakeV1.RecordPersonEventRequest] { self.kept.withLock { $0 } }

  func channel(_ clock: any TimeSource) throws -> any RPCChannel {
    let method = IntakeV1.CaseProgressServiceMethods.recordPersonEvent
    var router = RPCRouter(
      identity: TestIdentity(), access: AccessTable([method: .services([.registry])]),
      logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    router.unary(method) { try await self.recordPersonEvent($0, $1) }
    return try InProcessTransport(router, clock: clock)
      .calling(as: Caller(service: .registry))
  }

  private func recordPersonEvent(
    _ request: IntakeV1.RecordPersonEventRequest, _ context: CallContext
  ) async throws -> IntakeV1.RecordPersonEventResponse {
    self.kept.withLock { $0.append(request) }
    return IntakeV1.RecordPersonEventResponse()
  }
}
