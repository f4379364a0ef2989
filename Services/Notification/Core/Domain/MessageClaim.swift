import DomainModel

/// A message as it is to be queued: rendered, checked, cut into short messages.
struct MessageCommand: Hashable, Sendable {
  let rendered: RenderedMessage
  let phone: PhoneNumber
  /// What it is about.
  let reference: String
  /// How many short messages carry it.
  let segments: Int
}

/// A message as a service asks for it: not yet checked.
struct MessageClaim: Hashable, Sendable {
  var templateID: String
  var values: [Value]
  var phone: String
  var reference: String

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

  /// The command; throws with every defect, and nothing is queued then.
  func checked(_ templates: MessageTemplates) throws -> MessageCommand {
    var defects = DefectList()
    let template = self.template(templates, &defects)
    let values = self.checkedValues(of: template, &defects)
    let phone = defects.take(PhoneNumber.check(self.phone), at: "phone")
    defects.add(
      TextRules.defects(of: self.reference, charactersMax: Self.referenceCharactersMax),
      at: "reference")
    var rendered: RenderedMessage?
    if let template, let values { rendered = Self.render(template, values, &defects) }
    try defects.throwIfAny(.requestInvalid)
    guard let rendered, let phone else { throw ServiceError(.requestInvalid) }
    return MessageCommand(
      rendered: rendered, phone: phone, reference: self.reference,
      segments: SMSText.segments(of: rendered.text).count)
  }

  private func template(
    _ templates: MessageTemplates, _ defects: inout DefectList
  ) -> MessageTemplate? {
    if TextRules.isBlank(self.templateID) {
      defects.add(.fieldMissing, at: "template_id")
      return nil
    }
    guard let template = try? templates.template(self.templateID) else {
      defects.add(.templateUnknown, at: "template_id")
      return nil
    }
    return template
  }

  /// The values by name; nil where any of them is wrong.
  private func checkedValues(
    of template: MessageTemplate?, _ defects: inout DefectList
  ) -> [String: String]? {
    guard self.values.count <= Self.valuesMax else {
      defects.add(.templateValuesTooMany, at: "values")
      return nil
    }
    let before = defects.violations.count
    var values: [String: String] = [:]
    for (index, entry) in self.values.enumerated() {
      let field = "values[\(index)]"
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
      defects.add(.templateValueMissing, at: "values.\(name)")
    }
    return defects.violations.count == before ? values : nil
  }

  private static func render(
    _ template: MessageTemplate, _ values: [String: String], _ defects: inout DefectList
  ) -> RenderedMessage? {
    do throws(TemplateError) {
      let rendered = try template.render(values)
      if rendered.text.utf16.count > Self.textUnitsMax {
        defects.add(.messageTooLong, at: "values")
      }
      return rendered
    } catch {
      // All else was checked, value by value.
      defects.add(.templateValuePersonal, at: "values")
      return nil
    }
  }
}
