import DomainModel
import NotificationGateways
import Storage
import StorageSQLite
import TestSupport
import Testing
import Wire

@testable import NotificationCore

/// How tries ended and what is said of them later, written down together.
struct LedgerKeeperTests {
  private static func answered(_ claimed: ClaimedMessage) -> EndedTry {
    EndedTry(
      claimed: claimed,
      report: TryReport(
        gateway: "scripted", answer: .submitted, providerIDs: ["id \(claimed.id)"], repeats: 0),
      jitter: 0)
  }

  private static func receipt(_ claimed: ClaimedMessage, _ queue: NotificationFixture)
    -> GatewayNews
  {
    .receipt(
      DeliveryReceipt(
        gateway: "scripted", providerID: "id \(claimed.id)", state: .delivered, code: "DELIVRD",
        at: queue.clock.now()))
  }

  private static func claimed(_ count: Int, _ queue: NotificationFixture) async throws
    -> [ClaimedMessage]
  {
    for index in 0..<count {
      _ = try await queue.client.enqueueMessage(.found(index), options: .registry)
    }
    let claimed = try await queue.claim(by: "a", limit: count)
    try #require(claimed.count == count)
    return claimed
  }

  private static func states(
    _ claimed: [ClaimedMessage], _ queue: NotificationFixture
  ) async throws -> Set<NotificationV1.MessageState> {
    var states: Set<NotificationV1.MessageState> = []
    for one in claimed {
      if let state = try await queue.message(one.id.text)?.state { states.insert(state) }
    }
    return states
  }

  @Test func `an answer and the receipt that came at once are written together`() async throws {
    let queue = try await NotificationFixture()
    // More than one statement's rows.
    let claimed = try await Self.claimed(70, queue)
    let states = try await queue.notifications().settle(
      claimed.map(Self.answered), claimed.map { Self.receipt($0, queue) }, RetrySchedule(),
      jitter: 0)
    #expect(states == Array(repeating: .submitted, count: 70))
    #expect(try await Self.states(claimed, queue) == [.delivered])
    let counted = try await queue.client.getQueueStatistics(.init(), options: .auditor)
    #expect(counted.earlyReceipts == 0 && counted.knownDuplicates == 0)
    #expect(counted.counts.map(\.messages) == [70])
  }

  @Test
  func `two tries of one message are written in one batch, one of a message that is gone too`()
    async throws
  {
    let queue = try await NotificationFixture()
    let stale = try #require(try await Self.claimed(1, queue).first)
    queue.clock.advance(milliseconds: DeliverySettings().leaseMs + 1)
    let current = try #require(try await queue.claim(by: "b").first)
    #expect(current.attempt == 2)
    let gone = ClaimedMessage(
      id: ID("gone"), fence: 1, leaseUntil: stale.leaseUntil, attempt: 1, mobileOperator: .other,
      notAfter: nil, sealedPhone: [], sealedText: [])
    let states = try await queue.notifications().settle(
      [Self.answered(current), Self.answered(gone), Self.answered(stale)], [], RetrySchedule(),
      jitter: 0)
    #expect(states == [.submitted, nil, .submitted])
    let message = try #require(try await queue.messageAndTries(current.id.text))
    #expect(message.possibleDuplicates == 1)
    #expect(message.tries.map(\.outcome) == [.submitted, .submitted])
  }

  @Test func `what comes while one transaction is written gathers for the next`() async throws {
    let queue = try await NotificationFixture()
    let count = LedgerKeeper.outcomesMax + 8
    let claimed = try await Self.claimed(count, queue)
    let keeper = LedgerKeeper(try queue.notifications(), RetrySchedule(), queue.random)
    let store = try #require(queue.store as? SQLiteStore)
    let gate = Gate()
    async let blocked: Void = store.write { _ in gate.pass() }
    await gate.waitUntilEntered()
    let before = store.statistics.writes
    try await withThrowingTaskGroup(of: MessageState?.self) { group in
      group.addTask { try await keeper.keep(Self.answered(claimed[0])) }
      await store.waitUntilWaiting(1)
      // All of them wait: one at the store, the others behind it.
      for one in claimed.dropFirst() {
        group.addTask { try await keeper.keep(Self.answered(one)) }
      }
      while keeper.waitingCount < count - 1 { await Task.yield() }
      gate.open()
      for try await state in group { #expect(state == .submitted) }
    }
    try await blocked
    #expect(store.statistics.writes - before == 4, "the one in the way, the first, 64, and 7")
    #expect(try await Self.states(claimed, queue) == [.submitted])
  }

  @Test func `one that cannot be written fails alone`() async throws {
    let queue = try await NotificationFixture()
    let claimed = try await Self.claimed(9, queue)
    let broken = claimed[4]
    try await queue.store.write { transaction in
      try transaction.execute("UPDATE message SET turn = 9 WHERE message_id = \(broken.id)")
    }
    let keeper = LedgerKeeper(try queue.notifications(), RetrySchedule(), queue.random)
    let failed = await withTaskGroup(of: ID<Message>?.self) { group in
      for one in claimed {
        group.addTask { (try? await keeper.keep(Self.answered(one))) == nil ? one.id : nil }
      }
      var failed: [ID<Message>] = []
      for await id in group { if let id { failed.append(id) } }
      return failed
    }
    #expect(failed == [broken.id])
    #expect(
      try await Self.states(claimed.filter { $0.id != broken.id }, queue) == [.submitted])
  }

  @Test func `one whose task has ended takes nobody along`() async throws {
    let queue = try await NotificationFixture()
    let claimed = try await Self.claimed(3, queue)
    let keeper = LedgerKeeper(try queue.notifications(), RetrySchedule(), queue.random)
    let store = try #require(queue.store as? SQLiteStore)
    let gate = Gate()
    async let blocked: Void = store.write { _ in gate.pass() }
    await gate.waitUntilEntered()
    let ended = Task { try await keeper.keep(Self.answered(claimed[0])) }
    await store.waitUntilWaiting(1)
    let others = Task {
      try await withThrowingTaskGroup(of: Void.self) { group in
        for one in claimed.dropFirst() {
          group.addTask { _ = try await keeper.keep(Self.answered(one)) }
        }
        try await group.waitForAll()
      }
    }
    while keeper.waitingCount < 2 { await Task.yield() }
    ended.cancel()
    await #expect(throws: CancellationError.self) { try await ended.value }
    gate.open()
    try await others.value
    try await blocked
    #expect(try await Self.states(Array(claimed.dropFirst()), queue) == [.submitted])
  }
}
