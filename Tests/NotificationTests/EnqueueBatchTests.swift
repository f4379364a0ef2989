import DomainModel
import RPC
import Storage
import Testing
import Wire

@testable import NotificationCore

struct EnqueueBatchTests {
  typealias Request = NotificationV1.EnqueueBatchRequest

  static func message(_ index: Int) -> NotificationV1.BatchMessage {
    let sample = NotificationV1.EnqueueMessageRequest.found(index)
    return NotificationV1.BatchMessage(
      messageKey: "batch-message-key-\(index)", templateID: sample.templateID,
      values: sample.values, phone: sample.phone, reference: sample.reference)
  }

  private static func send(
    _ queue: NotificationFixture, _ messages: [NotificationV1.BatchMessage],
    key: String = "batch-key-0000001"
  ) async throws -> [NotificationV1.BatchMessageResult] {
    try await queue.client.enqueueBatch(
      Request(idempotencyKey: key, messages: messages), options: .registry
    ).results
  }

  @Test func `each message has its result, and what has defects holds up nobody`() async throws {
    let queue = try await NotificationFixture()
    var bad = Self.message(2)
    bad.phone = "12"
    bad.templateID = "hello"
    bad.messageKey = "short"
    bad.notAfterMs = 1
    let results = try await Self.send(queue, [Self.message(1), bad, Self.message(3)])
    #expect(results.map(\.messageID.isEmpty) == [false, true, false])
    #expect(results.map(\.segments) == [1, 0, 1])
    #expect(
      results[1].defects.map { "\($0.field) \($0.reason)" } == [
        "message_key MESSAGE_KEY_INVALID", "not_after_ms INSTANT_TOO_EARLY",
        "template_id TEMPLATE_UNKNOWN", "phone PHONE_INVALID",
      ])
    #expect(try await queue.assembly.deliverOnce() == 2)
  }

  @Test func `a repeat gets the first answer`() async throws {
    let queue = try await NotificationFixture()
    let first = try await Self.send(queue, [Self.message(1), Self.message(2)])
    #expect(try await Self.send(queue, [Self.message(1), Self.message(2)]) == first)
    #expect(try await queue.assembly.deliverOnce() == 2)
  }

  @Test func `a message's key is its own in every batch, and in a call of its own`() async throws {
    let queue = try await NotificationFixture()
    let first = try await Self.send(queue, [Self.message(1)])
    var other = Self.message(1)
    other.phone = "13900139000"
    let second = try await Self.send(
      queue, [Self.message(1), other, Self.message(2), Self.message(2)], key: "batch-key-0000002")
    #expect(second.map(\.repeated) == [true, false, false, true])
    #expect(second[0].messageID == first[0].messageID)
    #expect(second[1].defects.map(\.reason) == ["MESSAGE_KEY_REUSED"])
    #expect(second[2].messageID == second[3].messageID)
    var alone = NotificationV1.EnqueueMessageRequest.found(1)
    alone.idempotencyKey = "batch-message-key-1"
    let again = try await queue.client.enqueueMessage(alone, options: .registry)
    #expect(again.messageID == first[0].messageID)
    alone.phone = "13900139000"
    alone.idempotencyKey = "batch-message-key-2"
    let error = await #expect(throws: ServiceError.self) {
      try await queue.client.enqueueMessage(alone, options: .registry)
    }
    #expect(error?.reason == "IDEMPOTENCY_KEY_REUSED")
    #expect(try await queue.assembly.deliverOnce() == 2)
  }

  @Test func `another caller's keys are others`() async throws {
    let queue = try await NotificationFixture()
    let first = try await Self.send(queue, [Self.message(1)])
    let second = try await queue.client.enqueueBatch(
      Request(idempotencyKey: "batch-key-0000001", messages: [Self.message(1)]),
      options: .calling(.service, "intake")
    ).results
    #expect(second[0].messageID != first[0].messageID && !second[0].repeated)
  }

  @Test(arguments: [(0, "FIELD_MISSING"), (501, "MESSAGES_TOO_MANY")])
  func `a batch that cannot be is refused`(_ count: Int, _ reason: String) async throws {
    let queue = try await NotificationFixture()
    let error = await #expect(throws: ServiceError.self) {
      try await Self.send(queue, (0..<count).map(Self.message))
    }
    #expect(error?.violations.map { "\($0.field) \($0.reason)" } == ["messages \(reason)"])
    #expect(try await queue.assembly.deliverOnce() == 0)
  }

  @Test func `of a batch that a full queue cannot take nothing is queued`() async throws {
    var data = try NotificationFixture.data()
    data.queuedMax = 2
    let queue = try await NotificationFixture(data: data)
    let error = await #expect(throws: ServiceError.self) {
      try await Self.send(queue, (1...3).map(Self.message))
    }
    #expect(error?.reason == "OVERLOADED")
    #expect(try await queue.assembly.deliverOnce() == 0)
  }
}
