import DomainModel
import Logging
import RPC
import Synchronization
import TestSupport
import Wire

/// A notification service that remembers what it was asked to tell, and tells nobody.
final class RecordingNotification: NotificationV1.NotificationService {
  private let kept = Mutex<[NotificationV1.EnqueueMessageRequest]>([])

  var requests: [NotificationV1.EnqueueMessageRequest] { self.kept.withLock { $0 } }

  func channel(_ clock: any TimeSource) throws -> any RPCChannel {
    var access = AccessTable()
    for method in NotificationV1.NotificationServiceMethods.all {
      access.allow(method, .services([.registry]))
    }
    var router = RPCRouter(
      identity: TestIdentity(), access: access,
      logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    self.register(on: &router)
    return try InProcessTransport(router, clock: clock)
      .calling(as: Caller(service: .registry))
  }

  func enqueueMessage(
    _ request: NotificationV1.EnqueueMessageRequest, _ context: CallContext
  ) async throws -> NotificationV1.EnqueueMessageResponse {
    self.kept.withLock { $0.append(request) }
    return NotificationV1.EnqueueMessageResponse(messageID: "m", segments: 1)
  }

  func getMessage(
    _ request: NotificationV1.GetMessageRequest, _ context: CallContext
  ) async throws -> NotificationV1.GetMessageResponse {
    throw ServiceError(.messageNotFound)
  }

  func listMessages(
    _ request: NotificationV1.ListMessagesRequest, _ context: CallContext
  ) async throws -> NotificationV1.ListMessagesResponse { NotificationV1.ListMessagesResponse() }

  func listDeadLetters(
    _ request: NotificationV1.ListDeadLettersRequest, _ context: CallContext
  ) async throws -> NotificationV1.ListDeadLettersResponse {
    NotificationV1.ListDeadLettersResponse()
  }

  func replayDeadLetters(
    _ request: NotificationV1.ReplayDeadLettersRequest, _ context: CallContext
  ) async throws -> NotificationV1.ReplayDeadLettersResponse {
    throw ServiceError(.messageNotDead)
  }
}
