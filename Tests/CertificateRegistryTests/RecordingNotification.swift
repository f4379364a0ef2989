import DomainModel
import Logging
import RPC
import Synchronization
import TestSupport
import Wire

/// A notification service that remembers what it was asked to tell, and tells nobody.
final class RecordingNotification: Sendable {
  private let kept = Mutex<[NotificationV1.EnqueueMessageRequest]>([])
  private let planned = Mutex<[NotificationV1.ScheduleMessagesRequest]>([])

  var requests: [NotificationV1.EnqueueMessageRequest] { self.kept.withLock { $0 } }
  /// What waits, as it was replaced time and again.
  var schedules: [NotificationV1.ScheduleMessagesRequest] { self.planned.withLock { $0 } }

  func channel(_ clock: any TimeSource) throws -> any RPCChannel {
    let method = NotificationV1.NotificationServiceMethods.enqueueMessage
    let scheduling = NotificationV1.NotificationServiceMethods.scheduleMessages
    let access = AccessTable([
      method: .services([.registry]), scheduling: .services([.registry]),
    ])
    var router = RPCRouter(
      identity: TestIdentity(), access: access,
      logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    router.unary(method) { try await self.enqueueMessage($0, $1) }
    router.unary(scheduling) { try await self.scheduleMessages($0, $1) }
    return try InProcessTransport(router, clock: clock)
      .calling(as: Caller(service: .registry))
  }

  private func enqueueMessage(
    _ request: NotificationV1.EnqueueMessageRequest, _ context: CallContext
  ) async throws -> NotificationV1.EnqueueMessageResponse {
    self.kept.withLock { $0.append(request) }
    return NotificationV1.EnqueueMessageResponse(messageID: "m", segments: 1)
  }

  private func scheduleMessages(
    _ request: NotificationV1.ScheduleMessagesRequest, _ context: CallContext
  ) async throws -> NotificationV1.ScheduleMessagesResponse {
    self.planned.withLock { $0.append(request) }
    return NotificationV1.ScheduleMessagesResponse(
      messageIDs: request.messages.map(\.templateID), cancelled: 0)
  }
}
