import DomainModel
import Logging
import Synchronization
import TestSupport
import Testing

@testable import ServiceKit

private final class RecordedOutput: LogOutput {
  let lines = Mutex<[String]>([])

  func write(_ line: String) {
    self.lines.withLock { $0.append(line) }
  }
}

private func lines(
  format: CommonSettings.LogFormat = .json, level: Logger.Level = .info,
  _ body: (inout Logger) -> Void
) -> [String] {
  let output = RecordedOutput()
  var logger = Logger(label: "x") { _ in
    LineLogHandler(
      logLevel: level, label: "intake", format: format, output: output, clock: FakeClock())
  }
  body(&logger)
  return output.lines.withLock { $0 }
}

struct LineLogHandlerTests {
  @Test func `a line is one JSON object with its fields in order`() {
    let found = lines { logger in
      logger[metadataKey: "rpc.method"] = "SubmitApplication"
      logger.info("call ended", metadata: ["call.status": "OK"])
    }
    #expect(
      found == [
        #"{"time":"2026-03-10T01:00:00.000Z","level":"info","service":"intake","#
          + #""message":"call ended","call.status":"OK","rpc.method":"SubmitApplication"}"#
      ])
  }

  @Test func `nothing breaks out of a line`() {
    let found = lines { $0.info("a\"b\\c\nd\u{1}", metadata: ["message": "second"]) }
    #expect(found.first?.contains(#""message":"a\"b\\c\nd\u0001""#) == true)
    #expect(found.first?.contains(#""_message":"second""#) == true)
    #expect(found.first?.contains("\n") == false)
  }

  @Test func `a level below the setting is not written`() {
    let found = lines(level: .warning) { logger in
      logger.info("no")
      logger.warning("yes")
    }
    #expect(found.count == 1)
  }

  @Test func `a long value is cut`() {
    let found = lines { $0.info("\(String(repeating: "长", count: 10_000))") }
    #expect((found.first?.count ?? 0) < LineLogHandler.valueCharactersMax + 200)
  }

  @Test func `text is for people`() {
    let found = lines(format: .text) { $0.info("started", metadata: ["port": "1"]) }
    #expect(found == [#"2026-03-10T01:00:00.000Z info intake started port="1""#])
  }

  /// Milliseconds and how they read.
  static let instants: [(Int64, String)] = [
    (0, "1970-01-01T00:00:00.000Z"), (-1, "1969-12-31T23:59:59.999Z"),
    (951_782_400_007, "2000-02-29T00:00:00.007Z"), (.max, "9223372036854775807"),
  ]

  @Test(arguments: instants)
  func `an instant reads as UTC`(milliseconds: Int64, text: String) {
    #expect(InstantText.utc(Timestamp(milliseconds: milliseconds)) == text)
  }
}
