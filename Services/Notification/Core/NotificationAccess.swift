import RPC
import Wire

/// Who may call what.
enum NotificationAccess {
  static let table = AccessTable([
    Methods.enqueueMessage: .only([.service]),
    Methods.getMessage: .only([.service, .auditor]),
    Methods.listMessages: .only([.service, .auditor]),
    Methods.listDeadLetters: .only([.service, .auditor]),
    Methods.replayDeadLetters: .only([.service, .auditor]),
  ])

  private typealias Methods = NotificationV1.NotificationServiceMethods
}
