import DomainModel
import NotificationGateways
import Storage
import TestSupport
import Testing
import Wire

@testable import NotificationCore

/// Every order in which submit, answer, time-out, receipt, second receipt and crash can come, up to six
/// of them, on the real store against the model: nothing is lost, the state is right after each, and
/// duplicates are possible exactly where the model says.
struct DeliveryOrdersTests {
  static let length = 6

  @Test func `in every order the state is right, and nothing is lost`() async throws {
    let (words, orders) = DeliveryModel.orders(upTo: Self.length)
    // 1 + 6 + 36 + … + 46,656 words.
    #expect(words == 55_987)
    #expect(orders.count > 100)
    let queue = try await NotificationFixture()
    for (index, order) in orders.sorted(by: { $0.text < $1.text }).enumerated() {
      var run = try await DeliveryRun(queue, index)
      for event in order {
        try await run.happen(event)
        try await run.compare(order)
      }
      try await run.finish(order)
    }
    let counted = try await queue.client.getQueueStatistics(.init(), options: .auditor)
    #expect(
      counted.counts == [
        NotificationV1.QueueCount(
          messageClass: .result, state: .delivered, messages: Int64(orders.count))
      ])
  }

  @Test func `a model that forgot the doubt would be found`() async throws {
    let queue = try await NotificationFixture()
    var run = try await DeliveryRun(queue, 0)
    for event in [DeliveryEvent.submit, .timeout, .submit] { try await run.happen(event) }
    #expect(run.model.possibleDuplicates == 1)
    #expect(try await queue.message(run.id)?.possibleDuplicates == 1)
  }
}

extension [DeliveryEvent] {
  fileprivate var text: String { String(self.map(\.rawValue)) }
}

/// One message in the real store, to which happens what the model says, and the model beside it.
private struct DeliveryRun {
  let queue: NotificationFixture
  let store: NotificationStore
  let id: String
  private(set) var model = DeliveryModel()
  private var claimed: [ClaimedMessage] = []
  private var owner = 1

  init(_ queue: NotificationFixture, _ index: Int) async throws {
    self.queue = queue
    self.store = try queue.notifications()
    self.id = try await queue.client.enqueueMessage(.found(index), options: .registry).messageID
  }

  private static let schedule = RetrySchedule()

  mutating func happen(_ event: DeliveryEvent) async throws {
    let target = self.model.target(event)
    let wasRunning = self.model.isRunning
    self.model.happen(event)
    guard let index = target else { return }
    switch event {
    case .submit: try await self.submit()
    case .answer:
      if wasRunning, index == self.claimed.count - 1 {
        let report = TryReport(
          gateway: "g", answer: .submitted, providerIDs: [self.providerID(index)], repeats: 0)
        try await self.settle(index, report)
      } else {
        let late = LateAnswer(
          gateway: "g", messageID: self.id, attempt: index + 1, segment: 0,
          providerID: self.providerID(index))
        try await self.store.keep([.lateAnswer(late)], Self.schedule, jitter: 0)
      }
    case .timeout:
      try await self.settle(
        index,
        TryReport(
          gateway: "g", answer: .unknown(code: "ANSWER_TIMEOUT"), providerIDs: [], repeats: 0))
    case .receipt, .secondReceipt:
      let receipt = DeliveryReceipt(
        gateway: "g", providerID: self.providerID(index), state: .delivered, code: "DELIVRD",
        at: self.queue.clock.now())
      try await self.store.keep([.receipt(receipt)], Self.schedule, jitter: 0)
    case .crash:
      self.owner += 1
      try await self.store.takeOver(owner: "owner-\(self.owner)")
    }
  }

  private func providerID(_ index: Int) -> String { "\(self.id)-\(index + 1)" }

  private mutating func submit() async throws {
    let message = try #require(try await self.queue.message(self.id))
    let waitMs = message.nextAttemptAtMs - self.queue.clock.now().milliseconds
    if waitMs > 0 { self.queue.clock.advance(milliseconds: waitMs) }
    let claimed = try await self.queue.claim(by: "owner-\(self.owner)", limit: 1)
    #expect(claimed.map(\.id.text) == [self.id])
    self.claimed += claimed
  }

  private func settle(_ index: Int, _ report: TryReport) async throws {
    _ = try await self.store.settle(self.claimed[index], report, Self.schedule, jitter: 0)
  }

  func compare(_ order: [DeliveryEvent]) async throws {
    let message = try #require(try await self.queue.message(self.id))
    let state: NotificationV1.MessageState =
      switch self.model.state {
      case .queued: .queued
      case .submitted: .submitted
      case .delivered: .delivered
      }
    #expect(message.state == state, "\(order.text)")
    #expect(Int(message.attempts) == self.model.tries.count, "\(order.text)")
    #expect(Int(message.possibleDuplicates) == self.model.possibleDuplicates, "\(order.text)")
  }

  /// The rest goes well: it is sent until it is taken, and every receipt comes.
  mutating func finish(_ order: [DeliveryEvent]) async throws {
    if self.model.isRunning { try await self.happen(.answer) }
    if self.model.state == .queued {
      try await self.happen(.submit)
      try await self.happen(.answer)
    }
    while self.model.target(.receipt) != nil { try await self.happen(.receipt) }
    let message = try #require(try await self.queue.message(self.id))
    #expect(message.state == .delivered, "\(order.text)")
    // The handset gets each try that a provider took: one, and what was done in doubt.
    #expect(self.model.copies <= 1 + Int(message.possibleDuplicates), "\(order.text)")
  }
}
