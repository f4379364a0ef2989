import ArgumentParser
import ToolKit
import Wire

/// Lists text messages.
struct Messages: AsyncParsableCommand {
  static let configuration = CommandConfiguration(abstract: "List text messages.")

  @Option(help: "Only those about this application.")
  var reference = ""

  @Flag(help: "Only those that were given up.")
  var dead = false

  @OptionGroup var addresses: Addresses

  func run() async throws {
    try await self.addresses.withServices { services in
      for message in try await services.everyMessage(about: self.reference)
      where !self.dead || message.state == .dead {
        let view = MessageView(message)
        try Output(json: self.addresses.json).show(view, view.sentence)
      }
    }
  }
}

/// A message as the command line shows it.
struct MessageView: Encodable {
  let messageId: String
  let reference: String
  let templateId: String
  let state: String
  let maskedPhone: String
  let segments: Int32
  let attempts: Int32
  let lastError: String
  let text: String

  init(_ message: NotificationV1.Message) {
    self.messageId = message.messageID
    self.reference = message.reference
    self.templateId = message.templateID
    self.state = word(message.state)
    self.maskedPhone = message.maskedPhone
    self.segments = message.segments
    self.attempts = message.attempts
    self.lastError = message.lastError
    self.text = message.text
  }

  var sentence: String {
    let error = self.lastError.isEmpty ? "" : " (\(self.lastError))"
    return "\(self.messageId)  \(self.state)\(error)  \(self.maskedPhone)  \(self.text)"
  }
}
