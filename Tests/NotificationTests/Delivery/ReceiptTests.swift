import DomainModel
import NotificationGateways
import Storage
import TestSupport
import Testing
import Wire

@testable import NotificationCore

/// What providers say after they took a message: early, twice, late, never, out of order.
struct ReceiptTests {
  private static func receipt(
    _ id: String, _ state: ReceiptState = .delivered, code: String = "DELIVRD",
    gateway: String = "scripted"
  ) -> GatewayNews {
    .receipt(
      DeliveryReceipt(
        gateway: gateway, providerID: id, state: state, code: code,
        at: Timestamp(milliseconds: 1_773_104_460_000)))
  }

  private static func keep(
    _ news: [GatewayNews], _ queue: NotificationFixture, _ schedule: RetrySchedule = .init()
  ) async throws {
    try await queue.notifications().keep(news, schedule, jitter: 0)
  }

  @Test func `a message has arrived with its last segment`() async throws {
    let gateway = ScriptedGateway([.submitted(["a", "b"])])
    let queue = try await NotificationFixture(gateway: gateway)
    let id = try await queue.enqueue()
    #expect(try await queue.assembly.deliverOnce() == 1)
    let submitted = try #require(try await queue.message(id))
    #expect(submitted.state == .submitted && submitted.endedAtMs == 0)
    #expect(submitted.submittedAtMs == queue.clock.now().milliseconds)
    try await Self.keep([Self.receipt("b")], queue)
    #expect(try await queue.message(id)?.state == .submitted)
    try await Self.keep([Self.receipt("a", .underWay, code: "ACCEPTD"), Self.receipt("a")], queue)
    let message = try #require(try await queue.messageAndTries(id))
    #expect(message.state == .delivered && message.deliveredAtMs == 1_773_104_460_000)
    #expect(message.tries.map(\.outcome) == [.delivered])
    #expect(message.tries[0].segments.map(\.providerID) == ["a", "b"])
    #expect(message.tries[0].segments.map(\.receipts) == [2, 1])
  }

  @Test func `receipts that come before the answer wait for it`() async throws {
    let gateway = ScriptedGateway([.submitted(["a", "b"])])
    let queue = try await NotificationFixture(gateway: gateway)
    let id = try await queue.enqueue()
    try await Self.keep([Self.receipt("a"), Self.receipt("b"), Self.receipt("b")], queue)
    #expect(try await queue.message(id)?.state == .queued)
    #expect(try await queue.assembly.deliverOnce() == 1)
    #expect(try await queue.message(id)?.state == .delivered)
    let counted = try await queue.client.getQueueStatistics(.init(), options: .auditor)
    #expect(counted.earlyReceipts == 3 && counted.knownDuplicates == 0)
  }

  @Test func `an id of another gateway is another id`() async throws {
    let queue = try await NotificationFixture(gateway: ScriptedGateway([.submitted(["a"])]))
    let id = try await queue.client.enqueueMessage(.found(1), options: .registry).messageID
    #expect(try await queue.assembly.deliverOnce() == 1)
    try await Self.keep([Self.receipt("a", gateway: "another")], queue)
    #expect(try await queue.message(id)?.state == .submitted)
  }

  struct Ending: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let receipts: [(ReceiptState, String)]
    let state: NotificationV1.MessageState
    let error: String
  }

  static let endings = [
    Ending(
      testDescription: "failed", receipts: [(.failed, "UNDELIV:0DB")], state: .dead,
      error: "UNDELIV:0DB"),
    Ending(
      testDescription: "expired", receipts: [(.expired, "EXPIRED")], state: .expired,
      error: "EXPIRED"),
    Ending(
      testDescription: "unknown", receipts: [(.unknown, "UNKNOWN")], state: .unknown,
      error: "UNKNOWN"),
    Ending(
      testDescription: "unknown, then delivered",
      receipts: [(.unknown, "UNKNOWN"), (.delivered, "DELIVRD")], state: .delivered, error: ""),
    Ending(
      testDescription: "failed, then delivered",
      receipts: [(.failed, "UNDELIV:0DB"), (.delivered, "DELIVRD")], state: .delivered, error: ""),
    Ending(
      testDescription: "delivered, then failed",
      receipts: [(.delivered, "DELIVRD"), (.failed, "UNDELIV:0DB")], state: .delivered, error: ""),
    Ending(
      testDescription: "unknown, then failed",
      receipts: [(.unknown, "UNKNOWN"), (.failed, "UNDELIV:0DB")], state: .dead,
      error: "UNDELIV:0DB"),
  ]

  @Test(arguments: endings)
  func `a receipt says how it ended, and a better one counts more`(_ ending: Ending) async throws {
    let queue = try await NotificationFixture(gateway: ScriptedGateway([.submitted(["a"])]))
    let id = try await queue.client.enqueueMessage(.suspended(1), options: .registry).messageID
    #expect(try await queue.assembly.deliverOnce() == 1)
    for (state, code) in ending.receipts {
      try await Self.keep([Self.receipt("a", state, code: code)], queue)
    }
    let message = try #require(try await queue.message(id))
    #expect(message.state == ending.state && message.lastError == ending.error)
    #expect(message.endedAtMs > 0)
    // Its case hears how it ended, the last word last.
    #expect(try await queue.assembly.reportOnce() > 0)
    let states: [NotificationV1.MessageState: IntakeV1.DeliveryState] = [
      .dead: .failed, .expired: .expired, .unknown: .unknown, .delivered: .delivered,
    ]
    #expect(queue.intake.states.last == states[ending.state])
  }

  @Test func `a code that may pass is tried again, and no duplicate`() async throws {
    let gateway = ScriptedGateway([.submitted(["a"]), .submitted(["b"])])
    let queue = try await NotificationFixture(gateway: gateway)
    let id = try await queue.client.enqueueMessage(.found(1), options: .registry).messageID
    #expect(try await queue.assembly.deliverOnce() == 1)
    var schedule = RetrySchedule()
    schedule.passingCodes = ["UNDELIV:MB"]
    try await Self.keep([Self.receipt("a", .failed, code: "UNDELIV:MBBUSY")], queue, schedule)
    let waiting = try #require(try await queue.message(id))
    #expect(waiting.state == .queued && waiting.lastError == "UNDELIV:MBBUSY")
    #expect(waiting.nextAttemptAtMs > queue.clock.now().milliseconds)
    queue.clock.advance(milliseconds: 1_000)
    #expect(try await queue.assembly.deliverOnce() == 1)
    try await Self.keep([Self.receipt("b")], queue)
    let message = try #require(try await queue.messageAndTries(id))
    #expect(message.state == .delivered && message.possibleDuplicates == 0)
    #expect(message.tries.map(\.outcome) == [.failed, .delivered])
    #expect(message.tries.map(\.errorCode) == ["UNDELIV:MBBUSY", ""])
  }

  @Test func `a receipt that never comes is waited for, and then nobody knows`() async throws {
    let queue = try await NotificationFixture(gateway: ScriptedGateway([.submitted(["a"])]))
    let id = try await queue.client.enqueueMessage(.suspended(1), options: .registry).messageID
    #expect(try await queue.assembly.deliverOnce() == 1)
    queue.clock.advance(milliseconds: RetrySchedule().receiptWaitMs - 1)
    try await queue.assembly.keepHouseOnce()
    #expect(try await queue.message(id)?.state == .submitted)
    queue.clock.advance(milliseconds: 1)
    try await queue.assembly.keepHouseOnce()
    #expect(try await queue.message(id)?.state == .unknown)
    try await Self.keep([Self.receipt("a")], queue)
    #expect(try await queue.message(id)?.state == .delivered)
    #expect(try await queue.assembly.reportOnce() == 2)
    #expect(queue.intake.states == [.unknown, .delivered])
  }

  @Test func `a handset that got it twice is counted`() async throws {
    let gateway = ScriptedGateway([.silent, .submitted(["b"])])
    let queue = try await NotificationFixture(gateway: gateway)
    let id = try await queue.client.enqueueMessage(.found(1), options: .registry).messageID
    #expect(try await queue.assembly.deliverOnce() == 1)
    queue.clock.advance(milliseconds: 1_000)
    #expect(try await queue.assembly.deliverOnce() == 1)
    let late = LateAnswer(
      gateway: "scripted", messageID: id, attempt: 1, segment: 0, providerID: "a")
    try await Self.keep([.lateAnswer(late), Self.receipt("a"), Self.receipt("b")], queue)
    let message = try #require(try await queue.messageAndTries(id))
    #expect(message.state == .delivered && message.possibleDuplicates == 1)
    #expect(message.tries.map(\.outcome) == [.delivered, .delivered])
    let counted = try await queue.client.getQueueStatistics(.init(), options: .auditor)
    #expect(counted.possibleDuplicates == 1 && counted.knownDuplicates == 1)
  }

  @Test func `a late answer saves the next try`() async throws {
    let queue = try await NotificationFixture(gateway: ScriptedGateway([.silent]))
    let id = try await queue.client.enqueueMessage(.found(1), options: .registry).messageID
    #expect(try await queue.assembly.deliverOnce() == 1)
    #expect(try await queue.message(id)?.lastError == "ANSWER_TIMEOUT")
    let late = LateAnswer(
      gateway: "scripted", messageID: id, attempt: 1, segment: 0, providerID: "a")
    try await Self.keep([.lateAnswer(late)], queue)
    #expect(try await queue.message(id)?.state == .submitted)
    queue.clock.advance(milliseconds: 600_000)
    #expect(try await queue.assembly.deliverOnce() == 0)
  }

  @Test func `news of messages that nobody knows harm nothing`() async throws {
    let queue = try await NotificationFixture()
    let late = LateAnswer(
      gateway: "scripted", messageID: "nobody", attempt: 7, segment: 300, providerID: "a")
    try await Self.keep([.lateAnswer(late), Self.receipt("nothing", .failed)], queue)
    queue.clock.advance(milliseconds: NotificationStore.earlyReceiptsMs + 1)
    try await queue.assembly.keepHouseOnce()
    let left = try await queue.store.read {
      try $0.row("SELECT COUNT(*) AS n FROM early_receipt")?.int("n")
    }
    #expect(left == 0)
  }
}
