import DomainModel

/// The messages that are to wait under a key, checked in themselves.
struct ScheduleCommand: Hashable, Sendable {
  let key: String
  let messages: [TimedMessage]
}

/// The messages that are to wait under a key, as a service asks for it: not yet checked.
struct ScheduleClaim: Hashable, Sendable {
  var key: String
  var messages: [Entry]

  /// A message and when it may be sent, in milliseconds of UTC.
  struct Entry: Hashable, Sendable {
    var claim: MessageClaim
    var notBeforeMs: Int64
    var notAfterMs: Int64
  }

  /// How many messages wait under one key at most.
  static let messagesMax = 16

  /// The command; throws with every defect of every message.
  func checked(_ templates: MessageTemplates, now: Timestamp) throws -> ScheduleCommand {
    var defects = DefectList()
    defects.add(
      TextRules.defects(of: self.key, charactersMax: MessageClaim.referenceCharactersMax),
      at: "schedule_key")
    if self.messages.count > Self.messagesMax {
      defects.add(.messagesTooMany, at: "messages")
    }
    let entries = self.messages.prefix(Self.messagesMax).enumerated().map { index, entry in
      entry.checked(templates, at: "messages[\(index)].", now, &defects)
    }
    try defects.throwIfAny(.requestInvalid)
    return ScheduleCommand(key: self.key, messages: entries.compactMap(\.self))
  }
}

extension ScheduleClaim.Entry {
  fileprivate func checked(
    _ templates: MessageTemplates, at prefix: String, _ now: Timestamp,
    _ defects: inout DefectList
  ) -> TimedMessage? {
    let latestMs = now.milliseconds + SendingTime.aheadMaxMs
    if self.notBeforeMs <= 0 {
      defects.add(.fieldMissing, at: "\(prefix)not_before_ms")
    } else if self.notBeforeMs > latestMs {
      defects.add(.instantTooLate, at: "\(prefix)not_before_ms")
    }
    if self.notAfterMs <= self.notBeforeMs {
      defects.add(.instantTooEarly, at: "\(prefix)not_after_ms")
    } else if self.notAfterMs - self.notBeforeMs > SendingTime.aheadMaxMs {
      defects.add(.instantTooLate, at: "\(prefix)not_after_ms")
    }
    let command = self.claim.checked(templates, at: prefix, &defects)
    return command.map {
      TimedMessage(
        command: $0,
        time: SendingTime(
          notBefore: Timestamp(milliseconds: self.notBeforeMs),
          notAfter: Timestamp(milliseconds: self.notAfterMs)))
    }
  }
}
