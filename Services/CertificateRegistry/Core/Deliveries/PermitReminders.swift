import DomainModel
import RPC
import ServiceCore
import Storage
import Wire

/// What a holder is reminded of: that the permit can be endorsed, and that this ends soon (rules,
/// Notification). The notification service has them as messages that wait under the permit's key;
/// whatever makes one of them wrong replaces them all, so that nobody is reminded of a permit that
/// is endorsed, lost or cancelled.
enum PermitReminders: String, CaseIterable {
  /// On the window's first day.
  case opens = "endorsement_open"
  /// Seven days before its last.
  case closes = "endorsement_closing"

  /// How long before the window's last day it is said that it ends, in days.
  static let closingDays = 7
  /// The hour of the day, in Asia/Shanghai, from which a reminder is sent.
  static let hour: Int64 = 9
  /// How long a reminder is worth sending, in days.
  static let freshDays: Int64 = 2

  /// Whether an event may make the reminders wrong, or those that were not there right.
  static func follow(_ event: PermitEvent) -> Bool {
    switch event {
    case .endorsed, .contactChanged, .phoneRemoved, .lost, .found, .cancelled, .reinstated,
      .endorsementPending, .endorsementEnded:
      true
    case .moved, .corrected, .renumbered, .suspended, .held, .released, .loaded,
      .erased:
      false
    }
  }

  /// What replaces a permit's reminders after a step; nil where there were none and are none.
  /// Without a recipient there are none.
  static func message(
    from before: Permit?, to after: Permit, for recipient: PermitTexts.Recipient?,
    _ policy: RegistryPolicy, at now: Timestamp
  ) throws -> OutboxMessage? {
    let messages =
      try recipient.map { try Self.messages(of: after, to: $0, policy, now) } ?? []
    let had = before.map { !Self.due($0, policy, now).isEmpty } ?? false
    guard had || !messages.isEmpty else { return nil }
    let key = "\(after.id.text)-\(after.version)-reminders"
    let request = NotificationV1.ScheduleMessagesRequest(
      idempotencyKey: key, scheduleKey: Self.scheduleKey(of: after), messages: messages)
    return try OutboxMessage(
      request, NotificationV1.NotificationServiceMethods.scheduleMessages, to: .notification,
      lane: PermitTexts.lane(of: after), key: key)
  }

  /// What a permit's reminders wait under: its case, which it keeps where it is recorded anew after
  /// a loss; itself where it was imported.
  private static func scheduleKey(of permit: Permit) -> String {
    permit.caseID.isEmpty ? permit.id.text : permit.caseID
  }

  private static func messages(
    of permit: Permit, to recipient: PermitTexts.Recipient, _ policy: RegistryPolicy,
    _ now: Timestamp
  ) throws -> [NotificationV1.ScheduledMessage] {
    Self.due(permit, policy, now).map { reminder, notBefore, notAfter in
      NotificationV1.ScheduledMessage(
        templateID: reminder.rawValue,
        values: [
          .init(name: "name", value: recipient.maskedName),
          .init(name: "valid_to", value: permit.term.validToOn.chinese),
        ], phone: recipient.phone.text, reference: PermitTexts.reference(of: permit),
        notBeforeMs: notBefore.milliseconds, notAfterMs: notAfter.milliseconds)
    }
  }

  /// The reminders of a permit as it stands whose time is not over, and their times.
  private static func due(
    _ permit: Permit, _ policy: RegistryPolicy, _ now: Timestamp
  ) -> [(PermitReminders, notBefore: Timestamp, notAfter: Timestamp)] {
    let standing = permit.standing
    guard permit.isLive, standing.lostSince == nil, standing.pending == nil else { return [] }
    let window = policy.window(of: permit.term)
    return Self.allCases.compactMap { reminder in
      let day =
        switch reminder {
        case .opens: window.opensOn
        case .closes: window.closesOn.adding(days: -Self.closingDays)
        }
      let notBefore = day.startOfDay.adding(milliseconds: Self.hour * 3_600_000)
      let notAfter = notBefore.adding(milliseconds: Self.freshDays * 86_400_000)
      return notAfter > now ? (reminder, notBefore, notAfter) : nil
    }
  }
}
