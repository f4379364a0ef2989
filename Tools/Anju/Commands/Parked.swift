import ArgumentParser
import ToolKit
import Wire

/// Lists the messages between services that wait for a person.
struct Parked: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List messages between services that were refused for good and wait for a person.",
    discussion: "Exits 1 where there are any, so that a watcher can call it.")

  @Argument(help: "Whose: intake, approval, notification, registry; all if none is named.")
  var names: [String] = []

  @OptionGroup var addresses: Addresses

  func run() async throws {
    try await self.addresses.withServices { services in
      let output = Output(json: self.addresses.json)
      var count: Int32 = 0
      for (name, client) in try services.operations(self.names) {
        let answer = try await client.listParkedMessages(
          .init(limit: Services.pageRows), options: services.options(as: .auditor))
        count += answer.parked
        for message in answer.messages {
          let view = ParkedView(service: name, message)
          try output.show(view, view.sentence)
        }
      }
      if count > 0 { throw ExitCode.failure }
    }
  }
}

/// Has parked messages sent again.
struct Unpark: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Have parked messages sent again, once their cause is mended.")

  @Argument(help: "Whose: intake, approval, notification or registry.")
  var name: String

  @Argument(help: "Which; the oldest 500 if none is named.")
  var ids: [Int64] = []

  @OptionGroup var addresses: Addresses

  func run() async throws {
    try await self.addresses.withServices { services in
      for (name, client) in try services.operations([self.name]) {
        let request = OperationsV1.UnparkMessagesRequest(
          idempotencyKey: freshKey("unpark"), ids: self.ids)
        let answer = try await client.unparkMessages(
          request, options: services.options(as: .auditor))
        try Output(json: self.addresses.json).show(
          ["unparked": answer.unparked], "\(name): \(answer.unparked) sent again")
      }
    }
  }
}

/// A parked message as the command line shows it.
struct ParkedView: Encodable {
  let service: String
  let id: Int64
  let lane: String
  let destination: String
  let method: String
  let createdAtMs: Int64
  let reason: String
  let behind: Int32

  init(service: String, _ message: OperationsV1.ParkedMessage) {
    self.service = service
    self.id = message.id
    self.lane = message.lane
    self.destination = message.destination
    self.method = message.method
    self.createdAtMs = message.createdAtMs
    self.reason = message.reason
    self.behind = message.behind
  }

  var sentence: String {
    "\(self.service) \(self.id)  \(local(self.createdAtMs))  \(self.method)  \(self.reason)  "
      + "\(self.behind) behind it"
  }
}
