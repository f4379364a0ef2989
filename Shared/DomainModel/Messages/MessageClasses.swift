/// What holds for each class of messages: the order in which they are sent, their quiet hours, and
/// how many of them one number gets in a day.
public struct MessageClasses: Sendable {
  /// What holds for one class.
  public struct Rules: Hashable, Sendable {
    /// Which class.
    public let messageClass: MessageTemplate.Class
    /// When none of it is sent; nil where it passes at any hour.
    public let quietHours: QuietHours?
    /// How many of them one number gets on one day of Asia/Shanghai at most.
    public let dailyMax: Int
  }

  /// The rules of every class, the most urgent class first.
  public let byUrgency: [Rules]

  /// Reads `message_classes.tsv`; its README describes the form. Throws `PolicyFileError`, also where
  /// a class is missing.
  public init(text: String, file: String = "message_classes.tsv") throws(PolicyFileError) {
    let policy = PolicyFile(name: file, text: text)
    var rules: [Rules] = []
    for row in policy.rows {
      let next = try Self.rules(row)
      if rules.contains(where: { $0.messageClass == next.messageClass }) {
        throw row.error("\(next.messageClass.rawValue) stands here already")
      }
      rules.append(next)
    }
    for wanted in MessageTemplate.Class.allCases
    where !rules.contains(where: { $0.messageClass == wanted }) {
      throw policy.error("the class \(wanted.rawValue) is missing")
    }
    self.byUrgency = rules
  }

  private static func rules(_ row: PolicyRow) throws(PolicyFileError) -> Rules {
    try row.require(fields: 3)
    let name = try row.text(0, "class")
    guard let messageClass = MessageTemplate.Class(rawValue: name) else {
      throw row.error("no class of message: \(name)")
    }
    var quietHours: QuietHours?
    if let text = row.optionalText(1) {
      quietHours = QuietHours(text)
      if quietHours == nil { throw row.error("quiet hours are like 21:00-08:00, not \(text)") }
    }
    let maxText = try row.text(2, "messages a day")
    guard let dailyMax = decimal(maxText.utf8), dailyMax > 0 else {
      throw row.error("messages a day is a number from 1, not \(maxText)")
    }
    return Rules(messageClass: messageClass, quietHours: quietHours, dailyMax: dailyMax)
  }

  /// The rules of a class.
  public subscript(messageClass: MessageTemplate.Class) -> Rules {
    guard let rules = self.byUrgency.first(where: { $0.messageClass == messageClass }) else {
      preconditionFailure("every class has its rules, or there is no table")
    }
    return rules
  }
}
