import RPC
import Wire

/// Who may call what. Nobody owns a message: it is asked for by those who run the queue.
enum NotificationAccess {
  static let table = AccessTable([
    Methods.enqueueMessage: .services([.intake, .registry]),
    Methods.scheduleMessages: .services([.intake, .registry]),
    Methods.getMessage: .only([.auditor: .everything]),
    Methods.listMessages: .only([.auditor: .everything]),
    Methods.listDeadLetters: .only([.auditor: .everything]),
    Methods.replayDeadLetters: .only([.auditor: .everything]),
  ])

  private typealias Methods = NotificationV1.NotificationServiceMethods
}
