import DomainModel
import Wire

// The one file that speaks both the wire's and the domain's language.

extension MessageClaim {
  init(_ wire: NotificationV1.EnqueueMessageRequest) {
    self.init(
      templateID: wire.templateID,
      values: wire.values.map { Value(name: $0.name, value: $0.value) }, phone: wire.phone,
      reference: wire.reference)
  }
}

extension ScheduleClaim {
  init(_ wire: NotificationV1.ScheduleMessagesRequest) {
    self.init(
      key: wire.scheduleKey,
      messages: wire.messages.map { message in
        Entry(
          claim: MessageClaim(
            templateID: message.templateID,
            values: message.values.map { MessageClaim.Value(name: $0.name, value: $0.value) },
            phone: message.phone, reference: message.reference),
          notBeforeMs: message.notBeforeMs, notAfterMs: message.notAfterMs)
      })
  }
}

extension NotificationV1.Message {
  init(_ message: Message) {
    let delivery = message.delivery
    self.init(
      messageID: message.id.text, reference: message.reference, templateID: message.templateID,
      templateVersion: String(message.templateVersion),
      state: NotificationV1.MessageState(delivery.state), maskedPhone: message.phone.masked,
      segments: Int32(message.segments), attempts: Int32(clamping: delivery.attempts),
      enqueuedAtMs: message.enqueuedAt.milliseconds,
      nextAttemptAtMs: delivery.state == .queued ? delivery.nextAttemptAt.milliseconds : 0,
      deliveredAtMs: delivery.deliveredAt?.milliseconds ?? 0, lastError: delivery.lastError,
      text: message.text, notBeforeMs: message.time?.notBefore.milliseconds ?? 0,
      notAfterMs: message.time?.notAfter.milliseconds ?? 0)
  }
}

extension NotificationV1.MessageState {
  init(_ state: MessageState) {
    switch state {
    case .queued: self = .queued
    case .delivered: self = .delivered
    case .dead: self = .dead
    case .cancelled: self = .cancelled
    case .expired: self = .expired
    }
  }
}
