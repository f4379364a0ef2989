import ArgumentParser
import DomainModel
import Foundation
import Logging
import NotificationGateways
import TestSupport

/// The gateways of a plan without the queue: each line of standard input is a message as JSON
/// (`id`, `phone`, `text`), and each line of output says what became of one, or what a provider
/// said later. Ends when its input does and everything has its report.
@main
struct GatewayProbe: AsyncParsableCommand {
  @Argument(help: "the folder of gateways.conf") var folder: String

  mutating func run() async throws {
    let folder = URL(filePath: self.folder)
    let read = { (name: String) in
      try String(contentsOf: folder.appending(path: name), encoding: .utf8)
    }
    let logger = Logger(label: "gateway") { StreamLogHandler.standardError(label: $0) }
    let plan = try GatewayPlan(text: read("gateways.conf"), secret: read)
    let file = {
      try FileGateway(
        path: folder.appending(path: "sms.jsonl").path, time: WallClock(), logger: logger)
    }
    let gateway = try plan.makeGateway(
      file: file, time: WallClock(), random: SeededRandom(), logger: logger)
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await gateway.run(Teller()) }
      try await Self.sendAll(through: gateway)
      group.cancelAll()
      do { try await group.waitForAll() } catch is CancellationError {}
    }
  }

  private static func sendAll(through gateway: any MessageGateway) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      // Reading blocks, so it has a thread of its own.
      let (lines, feed) = AsyncStream.makeStream(of: String.self)
      Thread.detachNewThread {
        while let line = readLine() { feed.yield(line) }
        feed.finish()
      }
      for await line in lines {
        let message = try JSONDecoder().decode(Line.self, from: Data(line.utf8)).message
        group.addTask {
          let report = await gateway.send(message)
          say([
            "id": message.messageID, "gateway": report.gateway, "outcome": "\(report.outcome)",
            "ids": report.providerIDs.map { $0 ?? "" }.joined(separator: ","),
          ])
        }
      }
      try await group.waitForAll()
    }
  }
}

private struct Line: Decodable {
  var id: String
  var phone: String
  var text: String

  var message: OutgoingMessage {
    get throws {
      OutgoingMessage(
        messageID: self.id, phone: try PhoneNumber.check(self.phone).get(), text: self.text,
        segments: SMSText.segments(of: self.text))
    }
  }
}

/// Says what providers say.
private struct Teller: ReceiptKeeper {
  func keep(_ news: [GatewayNews]) async throws {
    for item in news {
      switch item {
      case .receipt(let receipt):
        say([
          "receipt": receipt.providerID, "gateway": receipt.gateway,
          "state": receipt.state.rawValue, "code": receipt.code,
        ])
      case .lateAnswer(let answer):
        say(["late": answer.messageID, "gateway": answer.gateway, "ids": answer.providerID ?? ""])
      }
    }
  }
}

private func say(_ words: [String: String]) {
  guard let line = try? JSONEncoder().encode(words) else { return }
  FileHandle.standardOutput.write(line + Data("\n".utf8))
}
