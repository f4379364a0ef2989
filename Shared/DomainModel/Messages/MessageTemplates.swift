/// All versions of all messages.
public struct MessageTemplates: Sendable {
  /// Every template, in the order of the file.
  public let all: [MessageTemplate]

  private let latest: [String: MessageTemplate]

  /// Reads `templates.tsv`; its README describes the form. Throws `PolicyFileError`.
  public init(text: String, file: String = "templates.tsv") throws(PolicyFileError) {
    var all: [MessageTemplate] = []
    var latest: [String: MessageTemplate] = [:]
    for row in PolicyFile(name: file, text: text).rows {
      let template = try Self.template(row)
      if all.contains(where: { $0.id == template.id && $0.version == template.version }) {
        throw row.error("\(template.id) has version \(template.version) already")
      }
      all.append(template)
      if template.version > latest[template.id]?.version ?? 0 { latest[template.id] = template }
    }
    self.all = all
    self.latest = latest
  }

  private static func template(_ row: PolicyRow) throws(PolicyFileError) -> MessageTemplate {
    try row.require(fields: 5)
    let versionText = try row.text(1, "version")
    guard let version = decimal(versionText.utf8), version > 0 else {
      throw row.error("version is a number from 1, not \(versionText)")
    }
    let classText = try row.text(2, "class")
    guard let messageClass = MessageTemplate.Class(rawValue: classText) else {
      throw row.error("no class of message: \(classText)")
    }
    let statutory = try row.text(3, "statutory")
    guard statutory == "yes" || statutory == "no" else {
      throw row.error("statutory is yes or no, not \(statutory)")
    }
    guard
      let template = MessageTemplate(
        id: try row.text(0, "id"), version: version, messageClass: messageClass,
        isStatutory: statutory == "yes", text: try row.text(4, "text"))
    else { throw row.error("the text's signature, braces or characters are wrong") }
    return template
  }

  /// The newest version of a message.
  public func template(_ id: String) throws(TemplateError) -> MessageTemplate {
    guard let template = self.latest[id] else { throw .templateUnknown(id) }
    return template
  }

  /// One version of a message: what was sent then.
  public func template(_ id: String, version: Int) throws(TemplateError) -> MessageTemplate {
    guard let template = self.all.first(where: { $0.id == id && $0.version == version }) else {
      throw .templateUnknown("\(id) \(version)")
    }
    return template
  }
}
