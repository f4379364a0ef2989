import RPC
import Wire

/// Who may call what. Nobody owns a message: it is asked for by those who run the queue. A number is
/// asked about by who has proved it.
enum NotificationAccess {
  static let table = AccessTable([
    Methods.enqueueMessage: .services([.intake, .registry]),
    Methods.enqueueBatch: .services([.intake, .registry]),
    Methods.scheduleMessages: .services([.intake, .registry]),
    Methods.cancelMessage: .services([.intake, .registry]),
    Methods.getMessage: .only([.auditor: .everything]),
    Methods.listMessages: .only([.auditor: .everything]),
    Methods.listDeadLetters: .only([.auditor: .everything]),
    Methods.replayDeadLetters: .only([.auditor: .everything]),
    Methods.watchMessages: .only([.auditor: .everything]),
    Methods.sendPhoneCode: .only([.applicant: .ownAndWards]),
    Methods.provePhone: .only([.applicant: .ownAndWards]),
    Methods.setPreferences: .only([.applicant: .ownAndWards]),
    Methods.getPreferences: .only([.applicant: .ownAndWards]),
    Methods.pauseQueue: .only([.auditor: .everything]),
    Methods.resumeQueue: .only([.auditor: .everything]),
    Methods.getQueueStatistics: .only([.auditor: .everything]),
  ])

  private typealias Methods = NotificationV1.NotificationServiceMethods
}
