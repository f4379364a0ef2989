import DomainModel

/// A message as it is to be queued: rendered, checked, cut into short messages.
struct MessageCommand: Hashable, Sendable {
  let rendered: RenderedMessage
  let phone: PhoneNumber
  /// What it is about.
  let reference: String
  /// How many short messages carry it.
  let segments: Int
  /// What kind of news it brings.
  let messageClass: MessageTemplate.Class
  /// Whether law demands it.
  let isStatutory: Bool
}

/// A message and when it may be sent.
struct TimedMessage: Hashable, Sendable {
  let command: MessageCommand
  let time: SendingTime
}

/// A message as a service asks for it: not yet checked.
struct MessageClaim: Hashable, Sendable {
  var templateID: String
  var values: [Value]
  var phone: String
  var reference: String
  /// Not sent before, in milliseconds of UTC; 0 means at once.
  var notBeforeMs: Int64 = 0
  /// Not sent from then on; 0 means whenever it can be.
  var notAfterMs: Int64 = 0

  /// One value for a placeholder.
  struct Value: Hashable, Sendable {
    var name: String
    var value: String
  }

  /// How many values a request holds at most.
  static let valuesMax = 32
  /// Unicode scalars of a value.
  static let valueCharactersMax = 200
  /// Unicode scalars of a reference.
  static let referenceCharactersMax = 64
  /// UTF-16 units of a whole text, signature included: what providers take.
  static let textUnitsMax = 500

  /// The message and its time; throws with every defect, and nothing is queued then.
  func checked(_ templates: MessageTemplates, now: Timestamp) throws -> TimedMessage {
    var defects = DefectList()
    let message = self.checked(templates, now: now, &defects)
    try defects.throwIfAny(.requestInvalid)
    guard let message else { throw ServiceError(.requestInvalid) }
    return message
  }

  /// The message and its time, or nil once its defects were noted.
  func checked(
    _ templates: MessageTemplates, now: Timestamp, _ defects: inout DefectList
  ) -> TimedMessage? {
    let before = defects.violations.count
    let latestMs = now.milliseconds + SendingTime.aheadMaxMs
    if self.notBeforeMs < 0 {
      defects.add(.instantTooEarly, at: "not_before_ms")
    } else if self.notBeforeMs > latestMs {
      defects.add(.instantTooLate, at: "not_before_ms")
    }
    // What would be stale before it could be sent is refused: nobody would ever get it.
    let earliestMs = max(now.milliseconds, self.notBeforeMs)
    if self.notAfterMs != 0, self.notAfterMs <= earliestMs {
      defects.add(.instantTooEarly, at: "not_after_ms")
    } else if self.notAfterMs > latestMs + SendingTime.aheadMaxMs {
      defects.add(.instantTooLate, at: "not_after_ms")
    }
    let command = self.checked(templates, at: "", &defects)
    guard let command, defects.violations.count == before else { return nil }
    return TimedMessage(
      command: command,
      time: SendingTime(
        notBefore: self.notBeforeMs == 0 ? nil : Timestamp(milliseconds: self.notBeforeMs),
        notAfter: self.notAfterMs == 0 ? nil : Timestamp(milliseconds: self.notAfterMs)))
  }

  /// The command, or nil once its defects were noted; each field's name follows `prefix`.
  func checked(
    _ templates: MessageTemplates, at prefix: String, _ defects: inout DefectList
  ) -> MessageCommand? {
    let template = self.template(templates, prefix, &defects)
    let values = self.checkedValues(of: template, prefix, &defects)
    let phone = defects.take(PhoneNumber.check(self.phone), at: "\(prefix)phone")
    let reference = TextRules.defects(
      of: self.reference, charactersMax: Self.referenceCharactersMax)
    defects.add(reference, at: "\(prefix)reference")
    var rendered: RenderedMessage?
    if let template, let values {
      rendered = Self.render(template, values, prefix, &defects)
    }
    guard let template, let rendered, let phone, reference.isEmpty else { return nil }
    return MessageCommand(
      rendered: rendered, phone: phone, reference: self.reference,
      segments: SMSText.segments(of: rendered.text).count,
      messageClass: template.messageClass, isStatutory: template.isStatutory)
  }

  private func template(
    _ templates: MessageTemplates, _ prefix: String, _ defects: inout DefectList
  ) -> MessageTemplate? {
    if TextRules.isBlank(self.templateID) {
      defects.add(.fieldMissing, at: "\(prefix)template_id")
      return nil
    }
    guard let template = try? templates.template(self.templateID) else {
      defects.add(.templateUnknown, at: "\(prefix)template_id")
      return nil
    }
    return template
  }

  /// The values by name; nil where any of them is wrong.
  private func checkedValues(
    of template: MessageTemplate?, _ prefix: String, _ defects: inout DefectList
  ) -> [String: String]? {
    guard self.values.count <= Self.valuesMax else {
      defects.add(.templateValuesTooMany, at: "\(prefix)values")
      return nil
    }
    let before = defects.violations.count
    var values: [String: String] = [:]
    for (index, entry) in self.values.enumerated() {
      let field = "\(prefix)values[\(index)]"
      if values.updateValue(entry.value, forKey: entry.name) != nil {
        defects.add(.templateValueRepeated, at: "\(field).name")
      }
      if let template, !template.placeholders.contains(entry.name) {
        defects.add(.templateValueUnknown, at: "\(field).name")
      }
      defects.add(
        TextRules.defects(of: entry.value, charactersMax: Self.valueCharactersMax),
        at: "\(field).value")
    }
    for name in (template?.placeholders ?? []).sorted() where values[name] == nil {
      defects.add(.templateValueMissing, at: "\(prefix)values.\(name)")
    }
    return defects.violations.count == before ? values : nil
  }

  private static func render(
    _ template: MessageTemplate, _ values: [String: String], _ prefix: String,
    _ defects: inout DefectList
  ) -> RenderedMessage? {
    do throws(TemplateError) {
      let rendered = try template.render(values)
      if rendered.text.utf16.count > Self.textUnitsMax {
        defects.add(.messageTooLong, at: "\(prefix)values")
      }
      return rendered
    } catch {
      // All else was checked, value by value.
      defects.add(.templateValuePersonal, at: "\(prefix)values")
      return nil
    }
  }
}
