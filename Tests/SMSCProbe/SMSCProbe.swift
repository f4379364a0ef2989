import ArgumentParser
import DomainModel
import Foundation
import SMSC
import TestSupport

/// The simulated SMSC as a process, for tests from outside and for measuring. It says `ready PORT`
/// when it listens, and its counts as one JSON object a line whenever a line comes in on its
/// standard input; it ends when that is closed.
@main
struct SMSCProbe: AsyncParsableCommand {
  @Argument(help: "smpp, cmpp or cmpp3") var kind: String
  @Option(help: "the port on loopback; 0 for any") var port = 0
  @Option(help: "the account's name") var account = "901234"
  @Option(help: "its password or secret") var secret = "secret"
  @Option(help: "a script: which short message meets what") var script: String?
  @Flag(help: "ids in hexadecimal in answers, in decimal in receipts") var twoKindsOfIds = false
  @Flag(help: "count only") var countOnly = false

  mutating func run() async throws {
    let firstID = UInt64(WallClock().now().milliseconds) << 14
    let board = SMSCBoard(firstID: firstID, keepsTexts: !self.countOnly)
    let server = try await SMSCServer.start(
      self.serverKind(), port: self.port, self.serverAccount, self.serverScript(), board
    ) { WallClock().now() }
    Self.say("ready \(server.port)")
    try Self.answer(from: board)
  }

  private func serverKind() throws -> SMSCServer.Kind {
    guard let kind = SMSCServer.Kind(rawValue: self.kind) else {
      throw ValidationError("\(self.kind) is none of smpp, cmpp, cmpp3")
    }
    return kind
  }

  private var serverAccount: SMSCAccount {
    var account = SMSCAccount(name: self.account, secret: self.secret)
    account.hasTwoKindsOfIDs = self.twoKindsOfIds
    return account
  }

  private func serverScript() throws -> SMSCScript {
    guard let script = self.script else { return SMSCScript() }
    return try SMSCScript(text: String(contentsOfFile: script, encoding: .utf8))
  }

  private static func answer(from board: SMSCBoard) throws {
    while readLine() != nil { Self.say(try Counts(board).line) }
  }

  private static func say(_ line: String) {
    FileHandle.standardOutput.write(Data((line + "\n").utf8))
  }
}

/// What the board says, for other programs.
private struct Counts: Encodable {
  struct Text: Encodable {
    var phone: String
    var text: String
    var segments: Int
  }

  var submits: Int
  var span_ms: Int64
  var taken: Int
  var logins: Int
  var receipts_taken: Int
  var receipts_put_off: Int
  var faults: Int
  var texts: [Text]

  init(_ board: SMSCBoard) {
    self.submits = board.submits
    self.span_ms = board.spanMs
    self.taken = board.taken
    self.logins = board.logins
    self.receipts_taken = board.receiptsTaken
    self.receipts_put_off = board.receiptsPutOff
    self.faults = board.faults
    self.texts = board.texts.map { Text(phone: $0.phone, text: $0.text, segments: $0.segments) }
  }

  var line: String {
    get throws { String(decoding: try JSONEncoder().encode(self), as: UTF8.self) }
  }
}
