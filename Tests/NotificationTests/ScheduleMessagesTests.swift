import DomainModel
import RPC
import TestSupport
import Testing
import Wire

@testable import NotificationCore

struct ScheduleMessagesTests {
  typealias Request = NotificationV1.ScheduleMessagesRequest
  private static let hourMs: Int64 = 3_600_000

  @Test func `a message waits for its time, and no loop looks at it before`() async throws {
    let queue = try await NotificationFixture()
    let id = try await queue.schedule([.sample(after: 5, for: 48, queue.clock)])[0]
    #expect(try await queue.assembly.deliverOnce() == 0)
    let waiting = try await queue.message(id)
    #expect(waiting?.state == .queued && waiting?.nextAttemptAtMs == waiting?.notBeforeMs)
    queue.clock.advance(milliseconds: 5 * Self.hourMs - 1)
    #expect(try await queue.assembly.deliverOnce() == 0)
    queue.clock.advance(milliseconds: 1)
    #expect(try await queue.assembly.deliverOnce() == 1)
    #expect(try await queue.message(id)?.state == .delivered)
  }

  @Test func `what is scheduled anew takes the place of what waits, and of nothing else`()
    async throws
  {
    let queue = try await NotificationFixture()
    let first = try await queue.schedule([
      .sample(after: 1, for: 48, queue.clock), .sample(after: 2, for: 48, queue.clock),
    ])
    let other = try await queue.schedule(
      [.sample(after: 1, for: 48, queue.clock)], under: "permit-2")
    let another = try await queue.schedule(
      [.sample(after: 1, for: 48, queue.clock)], as: .calling(.service, "intake"))
    let second = try await queue.schedule([.sample(after: 3, for: 48, queue.clock)])
    for id in first { #expect(try await queue.message(id)?.state == .cancelled) }
    queue.clock.advance(milliseconds: 4 * Self.hourMs)
    #expect(try await queue.assembly.deliverOnce() == 3)
    for id in second + other + another {
      #expect(try await queue.message(id)?.state == .delivered)
    }
    #expect(try await queue.schedule([]) == [])
  }

  @Test func `nobody is told what is stale`() async throws {
    let gateway = ScriptedGateway(otherwise: .later("BUSY"))
    let queue = try await NotificationFixture(gateway: gateway)
    let late = try await queue.schedule([.sample(after: 1, for: 2, queue.clock)])[0]
    queue.clock.advance(milliseconds: 4 * Self.hourMs)
    #expect(try await queue.assembly.deliverOnce() == 0)
    #expect(try await queue.message(late)?.state == .expired)
    #expect(gateway.handed.isEmpty)
    let over = try await queue.schedule(
      [.sample(after: -5, for: 1, queue.clock)], under: "permit-2")[0]
    #expect(try await queue.assembly.deliverOnce() == 0)
    #expect(try await queue.message(over)?.state == .expired)
    let tried = try await queue.schedule(
      [.sample(after: 0, for: 1, queue.clock)], under: "permit-3")[0]
    #expect(try await queue.assembly.deliverOnce() == 1)
    queue.clock.advance(milliseconds: Self.hourMs)
    #expect(try await queue.assembly.deliverOnce() == 0)
    #expect(try await queue.message(tried)?.state == .expired)
    let dead = try await queue.client.listDeadLetters(.init(), options: .auditor)
    #expect(dead.messages.isEmpty)
  }

  @Test func `what is with the gateway is not called back, and not tried again`() async throws {
    let queue = try await NotificationFixture()
    let id = try await queue.schedule([.sample(after: 0, for: 48, queue.clock)])[0]
    let claimed = try #require(try await queue.claim(by: "a").first)
    _ = try await queue.schedule([])
    #expect(try await queue.message(id)?.state == .queued)
    let failed = TryReport(
      gateway: "scripted", answer: .refused(code: "BUSY", isForGood: false), providerIDs: [],
      repeats: 0)
    _ = try await queue.notifications().settle(claimed, failed, RetrySchedule(), jitter: 0)
    queue.clock.advance(milliseconds: Self.hourMs)
    #expect(try await queue.assembly.deliverOnce() == 0)
    #expect(try await queue.message(id)?.state == .expired)
  }

  @Test func `a repeat gets the first answer`() async throws {
    let queue = try await NotificationFixture()
    let request = Request(
      idempotencyKey: "schedule-key-of-once", scheduleKey: "permit-1",
      messages: [.sample(after: 1, for: 48, queue.clock)])
    let first = try await queue.client.scheduleMessages(request, options: .registry)
    #expect(try await queue.client.scheduleMessages(request, options: .registry) == first)
    #expect(try await queue.message(first.messageIDs[0])?.state == .queued)
  }

  @Test func `every defect of every message is told, and nothing changes`() async throws {
    let queue = try await NotificationFixture()
    let waiting = try await queue.schedule([.sample(after: 1, for: 48, queue.clock)])[0]
    var bad = NotificationV1.ScheduledMessage.sample(after: 1, for: 48, queue.clock)
    bad.templateID = "hello"
    bad.phone = "12"
    bad.notBeforeMs = 0
    var ahead = NotificationV1.ScheduledMessage.sample(
      after: 24 * 366 * 4, for: 48, queue.clock)
    ahead.notAfterMs = ahead.notBeforeMs
    let error = await #expect(throws: ServiceError.self) {
      try await queue.client.scheduleMessages(
        Request(
          idempotencyKey: "schedule-key-of-bad", scheduleKey: "",
          messages: [bad, ahead]
            + Array(repeating: .sample(after: 1, for: 48, queue.clock), count: 15)),
        options: .registry)
    }
    #expect(
      Set(error?.violations.map { "\($0.field) \($0.reason)" } ?? [])
        == [
          "schedule_key FIELD_MISSING", "messages MESSAGES_TOO_MANY",
          "messages[0].template_id TEMPLATE_UNKNOWN", "messages[0].phone PHONE_INVALID",
          "messages[0].not_before_ms FIELD_MISSING",
          "messages[0].not_after_ms INSTANT_TOO_LATE",
          "messages[1].not_before_ms INSTANT_TOO_LATE",
          "messages[1].not_after_ms INSTANT_TOO_EARLY",
        ])
    #expect(try await queue.message(waiting)?.state == .queued)
  }
}

extension NotificationFixture {
  /// Schedules messages under a key, each time by a call of its own; returns their ids.
  func schedule(
    _ messages: [NotificationV1.ScheduledMessage], under key: String = "permit-1",
    as caller: CallOptions = .registry
  ) async throws -> [String] {
    try await self.client.scheduleMessages(
      .init(
        idempotencyKey: "schedule-key-\(self.random.next())", scheduleKey: key,
        messages: messages), options: caller
    ).messageIDs
  }
}

extension NotificationV1.ScheduledMessage {
  /// A reminder that is to be sent some hours from now, for some hours.
  static func sample(after: Int64, for hours: Int64, _ clock: FakeClock) -> Self {
    let notBefore = clock.now().adding(milliseconds: after * 3_600_000)
    return Self(
      templateID: "endorsement_open",
      values: [.init(name: "name", value: "𬎆*"), .init(name: "valid_to", value: "2027年3月10日")],
      phone: "13800138000", reference: "application-1", notBeforeMs: notBefore.milliseconds,
      notAfterMs: notBefore.adding(milliseconds: hours * 3_600_000).milliseconds)
  }
}
