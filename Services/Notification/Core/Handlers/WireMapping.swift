import DomainModel
import Wire

// The one file that speaks both the wire's and the domain's language.

extension MessageClaim {
  init(_ wire: NotificationV1.EnqueueMessageRequest) {
    self.init(
      templateID: wire.templateID,
      values: wire.values.map { Value(name: $0.name, value: $0.value) }, phone: wire.phone,
      reference: wire.reference, notBeforeMs: wire.notBeforeMs, notAfterMs: wire.notAfterMs)
  }
}

extension BatchClaim {
  init(_ wire: NotificationV1.EnqueueBatchRequest) {
    // One more than are taken shows that there are too many.
    self.init(
      messages: wire.messages.prefix(Self.messagesMax + 1).map { message in
        Entry(
          key: message.messageKey,
          claim: MessageClaim(
            templateID: message.templateID,
            values: message.values.map { MessageClaim.Value(name: $0.name, value: $0.value) },
            phone: message.phone, reference: message.reference,
            notBeforeMs: message.notBeforeMs, notAfterMs: message.notAfterMs))
      })
  }
}

extension NotificationV1.BatchMessageResult {
  init(_ violations: [ServiceError.Violation]) {
    self.init(
      defects: violations.map {
        NotificationV1.MessageDefect(field: $0.field, reason: $0.reason)
      })
  }

  init(_ result: Enqueued, segments: Int) {
    switch result {
    case .new(let id): self.init(messageID: id.text, segments: Int32(segments))
    case .repeated(let id):
      self.init(messageID: id.text, segments: Int32(segments), repeated: true)
    case .keyReused:
      self.init([DefectReason.messageKeyReused.violation(at: "message_key")])
    }
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
      state: NotificationV1.MessageState(delivery.state),
      maskedPhone: message.phone?.masked ?? "",
      segments: Int32(message.segments), attempts: Int32(clamping: delivery.attempts),
      enqueuedAtMs: message.enqueuedAt.milliseconds,
      nextAttemptAtMs: delivery.state == .queued ? delivery.nextAttemptAt.milliseconds : 0,
      deliveredAtMs: delivery.deliveredAt?.milliseconds ?? 0, lastError: delivery.lastError,
      text: message.text, notBeforeMs: message.time.notBefore?.milliseconds ?? 0,
      notAfterMs: message.time.notAfter?.milliseconds ?? 0,
      messageClass: NotificationV1.MessageClass(message.messageClass),
      statutory: message.isStatutory, submittedAtMs: delivery.submittedAt?.milliseconds ?? 0,
      endedAtMs: delivery.endedAt?.milliseconds ?? 0,
      possibleDuplicates: Int32(clamping: delivery.possibleDuplicates),
      erasedAtMs: message.erasedAt?.milliseconds ?? 0)
  }
}

extension NotificationV1.MessageState {
  init(_ state: MessageState) {
    switch state {
    case .queued: self = .queued
    case .submitted: self = .submitted
    case .delivered: self = .delivered
    case .dead: self = .dead
    case .cancelled: self = .cancelled
    case .expired: self = .expired
    case .unknown: self = .unknown
    }
  }
}

extension NotificationV1.MessageTry {
  init(_ entry: LedgerEntry) {
    self.init(
      number: Int32(clamping: entry.number), gateway: entry.gateway,
      beganAtMs: entry.beganAt.milliseconds, endedAtMs: entry.endedAt?.milliseconds ?? 0,
      outcome: NotificationV1.TryOutcome(entry.state), errorCode: entry.errorCode,
      segments: entry.segments.map { segment in
        NotificationV1.MessageSegment(
          providerID: segment.providerID ?? "", outcome: .init(segment.state),
          code: segment.code, receiptAtMs: segment.receiptAt?.milliseconds ?? 0,
          receipts: Int32(clamping: segment.receipts))
      })
  }
}

extension NotificationV1.TryOutcome {
  init(_ state: TryState) {
    switch state {
    case .running: self = .running
    case .submitted: self = .submitted
    case .delivered: self = .delivered
    case .failed: self = .failed
    case .unknown: self = .unknown
    case .expired: self = .expired
    }
  }
}

extension NotificationV1.MessageClass {
  init(_ messageClass: MessageTemplate.Class) {
    switch messageClass {
    case .progress: self = .progress
    case .result: self = .result
    case .reminder: self = .reminder
    case .verification: self = .verification
    }
  }
}

extension MessageTemplate.Class {
  /// Nil for a class that this version of the contract does not name.
  init?(_ wire: NotificationV1.MessageClass) {
    switch wire {
    case .progress: self = .progress
    case .result: self = .result
    case .reminder: self = .reminder
    case .verification: self = .verification
    case .unspecified, .unrecognized: return nil
    }
  }
}

extension Preferences {
  /// Throws with all that is wrong with them.
  init(_ wire: NotificationV1.Preferences?) throws {
    var defects = DefectList()
    let wire = wire ?? NotificationV1.Preferences()
    let classes = NotificationHandlers.checked(
      wire.switchedOff, at: "preferences.switched_off", &defects)
    let minutes = 0..<Int32(QuietHours.minutesOfDay)
    if !minutes.contains(wire.quietFromMinute) {
      defects.add(.numberOutOfRange, at: "preferences.quiet_from_minute")
    }
    if !minutes.contains(wire.quietToMinute) {
      defects.add(.numberOutOfRange, at: "preferences.quiet_to_minute")
    }
    try defects.throwIfAny(.requestInvalid)
    self.init(
      switchedOff: Set(classes),
      quietHours: QuietHours(
        fromMinute: Int(wire.quietFromMinute), toMinute: Int(wire.quietToMinute)))
  }
}

extension NotificationV1.Preferences {
  init(_ preferences: Preferences) {
    self.init(
      switchedOff: MessageTemplate.Class.allCases.filter(preferences.switchedOff.contains)
        .map(NotificationV1.MessageClass.init),
      quietFromMinute: Int32(preferences.quietHours?.fromMinute ?? 0),
      quietToMinute: Int32(preferences.quietHours?.toMinute ?? 0))
  }
}

extension NotificationV1.QueuePause {
  init(_ pause: QueuePause) {
    self.init(
      messageClass: NotificationV1.MessageClass(pause.messageClass),
      pausedAtMs: pause.pausedAt.milliseconds, pausedBy: pause.pausedBy, reason: pause.reason)
  }
}
