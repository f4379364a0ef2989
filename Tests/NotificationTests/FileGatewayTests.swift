import DomainModel
import Foundation
import Logging
import NotificationGateways
import TestSupport
import Testing

extension OutgoingMessage {
  static func sample(_ id: String, text: String = "【浙江公安】您好\"\\𬎆\u{1}") -> OutgoingMessage {
    guard case .success(let phone) = PhoneNumber.check("13800138000") else {
      preconditionFailure("no phone number")
    }
    return OutgoingMessage(
      messageID: id, phone: phone, text: text, segments: SMSText.segments(of: text))
  }
}

extension FileGateway {
  static func make(
    _ path: String, lockWaitMsMax: Int = FileGateway.lockWaitMsMax
  ) throws -> FileGateway {
    try FileGateway(
      path: path, time: FakeClock(),
      logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
      lockWaitMsMax: lockWaitMsMax)
  }
}

struct FileGatewayTests {
  private struct Line: Decodable, Equatable {
    var message_id: String
    var phone: String
    var text: String
    var segments: Int
    var at_ms: Int64
  }

  private static func withFile(_ body: (String) async throws -> Void) async throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("anju-gateway-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try await body(folder.appendingPathComponent("sms.jsonl").path)
  }

  private static func lines(_ path: String) throws -> [Line] {
    try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
      .map { try JSONDecoder().decode(Line.self, from: Data($0.utf8)) }
  }

  @Test func `a message becomes one line of JSON`() async throws {
    try await Self.withFile { path in
      let message = OutgoingMessage.sample("A1")
      let report = try await FileGateway.make(path).send(message)
      #expect(report.outcome == .delivered(at: FakeClock().now()))
      #expect(
        try Self.lines(path) == [
          Line(
            message_id: "A1", phone: "13800138000", text: message.text, segments: 1,
            at_ms: FakeClock().now().milliseconds)
        ])
    }
  }

  @Test func `an id in the file is not written again, also after a restart`() async throws {
    try await Self.withFile { path in
      do {
        let gateway = try FileGateway.make(path)
        for id in ["A1", "A2", "A1"] { _ = await gateway.send(.sample(id)) }
      }
      let gateway = try FileGateway.make(path)
      for id in ["A2", "A3", "A1"] { _ = await gateway.send(.sample(id)) }
      #expect(try Self.lines(path).map(\.message_id) == ["A1", "A2", "A3"])
    }
  }

  @Test(arguments: [1, 20, 60])
  func `half a line of a crash is cut off`(_ left: Int) async throws {
    try await Self.withFile { path in
      do {
        let gateway = try FileGateway.make(path)
        for id in ["A1", "A2"] { _ = await gateway.send(.sample(id)) }
      }
      let whole = try Data(contentsOf: URL(fileURLWithPath: path))
      try whole.prefix(whole.count / 2 + left).write(to: URL(fileURLWithPath: path))
      let gateway = try FileGateway.make(path)
      for id in ["A1", "A2"] { _ = await gateway.send(.sample(id)) }
      #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == whole)
    }
  }

  @Test func `of half a line that is longer than the next nothing stays`() async throws {
    try await Self.withFile { path in
      let long = String(repeating: "字", count: 300)
      do { _ = try await FileGateway.make(path).send(.sample("A1", text: long)) }
      let whole = try Data(contentsOf: URL(fileURLWithPath: path))
      try whole.dropLast(2).write(to: URL(fileURLWithPath: path))
      _ = try await FileGateway.make(path).send(.sample("A2", text: "短"))
      #expect(try Self.lines(path).map(\.message_id) == ["A2"])
    }
  }

  @Test func `many senders at once lose nothing and mix no lines`() async throws {
    try await Self.withFile { path in
      let gateway = try FileGateway.make(path)
      try await withThrowingTaskGroup(of: Void.self) { group in
        for index in 0..<400 {
          group.addTask { _ = await gateway.send(.sample("M\(index % 200)")) }
        }
        try await group.waitForAll()
      }
      let ids = try Self.lines(path).map(\.message_id)
      #expect(ids.count == 200)
      #expect(Set(ids).count == 200)
    }
  }

  @Test func `replicas that share a file write each message once`() async throws {
    try await Self.withFile { path in
      let gateways = try (0..<3).map { _ in try FileGateway.make(path) }
      try await withThrowingTaskGroup(of: Void.self) { group in
        for index in 0..<600 {
          group.addTask { _ = await gateways[index % 3].send(.sample("M\(index / 3)")) }
        }
        try await group.waitForAll()
      }
      let ids = try Self.lines(path).map(\.message_id)
      #expect(ids.count == 200)
      #expect(Set(ids).count == 200)
    }
  }

  @Test func `half a line of a replica that died is cut off by the next that appends`() async throws
  {
    try await Self.withFile { path in
      let gateway = try FileGateway.make(path)
      _ = await gateway.send(.sample("A1"))
      let handle = try #require(FileHandle(forUpdatingAtPath: path))
      let whole = try #require(try handle.readToEnd())
      let other = Data(String(decoding: whole, as: UTF8.self).replacing("A1", with: "A2").utf8)
      try handle.write(contentsOf: other + whole.prefix(30))
      try handle.close()
      for id in ["A2", "A3"] { _ = await gateway.send(.sample(id)) }
      #expect(try Self.lines(path).map(\.message_id) == ["A1", "A2", "A3"])
    }
  }

  @Test func `a file that was emptied is begun anew`() async throws {
    try await Self.withFile { path in
      let gateway = try FileGateway.make(path)
      for id in ["A1", "A2"] { _ = await gateway.send(.sample(id)) }
      try Data().write(to: URL(fileURLWithPath: path), options: [])
      _ = await gateway.send(.sample("A3"))
      #expect(try Self.lines(path).map(\.message_id) == ["A3"])
    }
  }

  @Test func `a replica that keeps the file holds the others up only for a while`() async throws {
    try await Self.withFile { path in
      let gateway = try FileGateway.make(path, lockWaitMsMax: 20)
      let handle = try #require(FileHandle(forReadingAtPath: path))
      #expect(flock(handle.fileDescriptor, LOCK_EX) == 0)
      let refused = SendOutcome.refused(code: "FILE_UNAVAILABLE", .forNow(retryAfterMs: nil))
      #expect(await gateway.send(.sample("A1")).outcome == refused)
      try handle.close()
      _ = await gateway.send(.sample("A1"))
      #expect(try Self.lines(path).map(\.message_id) == ["A1"])
    }
  }

  @Test func `a folder that is not there is named`() throws {
    let error = #expect(throws: MessageFileError.self) {
      try FileGateway.make("/nowhere/sms.jsonl")
    }
    #expect(error?.description.contains("/nowhere/sms.jsonl") == true)
  }
}
