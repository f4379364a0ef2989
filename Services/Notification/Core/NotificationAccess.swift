import RPC
import Wire

/// Who may call what.
enum NotificationAccess {
  static let table = AccessTable([
    Methods.enqueueMessage: .services([.intake, .registry]),
    Methods.getMessage: .only([.auditor]),
    Methods.listMessages: .only([.auditor]),
    Methods.listDeadLetters: .only([.auditor]),
    Methods.replayDeadLetters: .only([.auditor]),
  ])

  private typealias Methods = NotificationV1.NotificationServiceMethods
}
