import DomainModel
import Synchronization
import Testing

@testable import Storage

/// Lanes that go to the dispatcher with the transaction that makes them.
@Suite struct OutboxHandoverTests {
  /// A receiver that can be held up.
  private final class Door: Sendable {
    private let state = Mutex((isShut: false, arrived: [String](), sent: [String]()))

    var sent: [String] { self.state.withLock { $0.sent } }
    var arrived: [String] { self.state.withLock { $0.arrived } }

    func shut(_ isShut: Bool) {
      self.state.withLock { $0.isShut = isShut }
    }

    func receive(_ message: OutboxMessage) async throws -> [UInt8] {
      let text = String(decoding: message.payload, as: UTF8.self)
      self.state.withLock { $0.arrived.append(text) }
      while self.state.withLock({ $0.isShut }) {
        try Task.checkCancellation()
        await Task.yield()
      }
      self.state.withLock { $0.sent.append(text) }
      return []
    }
  }

  private static func message(_ text: String) -> OutboxMessage {
    OutboxMessage(
      lane: String(text.prefix { $0 != "/" }), destination: "approval",
      method: OutboxFixture.method, payload: Array(text.utf8),
      idempotencyKey: "key-of-message-\(text)")
  }

  /// Owes messages in one transaction and returns who owns the last one's lane by its end.
  private static func owe(_ texts: [String], _ fixture: OutboxFixture) async throws -> String {
    let (outbox, now) = (fixture.outbox, fixture.time.now())
    return try await fixture.store.write { transaction in
      for text in texts { try outbox.enqueue(transaction, Self.message(text), now: now) }
      let lane = Self.message(texts[texts.count - 1]).lane
      return try transaction.row("SELECT owner FROM outbox_lane WHERE key = \(lane)")?
        .text("owner") ?? ""
    }
  }

  /// Runs a dispatcher with so many slots, and the body once it has looked at all there was.
  private static func run(
    _ backend: Backend, lanesMax: Int = 4,
    _ body: @Sendable (OutboxFixture, Door) async throws -> Void
  ) async throws {
    try await OutboxFixture.run(backend) { fixture in
      let door = Door()
      var limits = OutboxLimits()
      limits.lanesMax = lanesMax
      let dispatcher = OutboxDispatcher(
        store: fixture.store, outbox: fixture.outbox,
        effects: OutboxEffects { try await door.receive($0) }, limits: limits,
        environment: .init(
          owner: "one", time: fixture.time, random: SeededRandom(), logger: .silent))
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { do { try await dispatcher.run() } catch is CancellationError {} }
        while dispatcher.slots.takeForNew("approval", fixture.time.now()) == nil {
          await Task.yield()
        }
        try await body(fixture, door)
        door.shut(false)
        group.cancelAll()
        try await group.waitForAll()
      }
    }
  }

  private static func drained(_ fixture: OutboxFixture) async throws {
    while try await fixture.depth().messages > 0 { await Task.yield() }
  }

  @Test(arguments: Backend.all)
  func `a new lane is claimed by who makes it, sent once, and gone`(
    _ backend: Backend
  ) async throws {
    try await Self.run(backend) { fixture, door in
      for number in 0..<20 {
        try await expectEqual(
          Self.owe(["a\(number)/1"], fixture).split(separator: "/").first, "one")
        try await Self.drained(fixture)
      }
      #expect(door.sent == (0..<20).map { "a\($0)/1" })
      try await expectEqual(fixture.store.count("SELECT key FROM outbox_lane"), 0)
    }
  }

  @Test(arguments: Backend.all)
  func `what is owed to a lane that is under way stays behind`(_ backend: Backend) async throws {
    try await Self.run(backend) { fixture, door in
      door.shut(true)
      let owner = try await Self.owe(["a/1", "a/2"], fixture)
      try await expectEqual(Self.owe(["a/3"], fixture), owner)
      door.shut(false)
      try await Self.drained(fixture)
      #expect(door.sent == ["a/1", "a/2", "a/3"])
    }
  }

  @Test(arguments: Backend.all)
  func `a refused transaction hands over nothing and gives its slot back`(
    _ backend: Backend
  ) async throws {
    try await Self.run(backend, lanesMax: 1) { fixture, door in
      let (outbox, now) = (fixture.outbox, fixture.time.now())
      await #expect(throws: ServiceError(.caseNotFound)) {
        try await fixture.store.write { transaction in
          try outbox.enqueue(transaction, Self.message("a/1"), now: now)
          throw ServiceError(.caseNotFound)
        }
      }
      try await expectEqual(Self.owe(["b/1"], fixture).isEmpty, false)
      try await Self.drained(fixture)
      #expect(door.sent == ["b/1"])
    }
  }

  @Test(arguments: Backend.all)
  func `no more are handed over than there are slots, and none before those that wait`(
    _ backend: Backend
  ) async throws {
    try await Self.run(backend, lanesMax: 2) { fixture, door in
      door.shut(true)
      let owners = [
        try await Self.owe(["a/1"], fixture), try await Self.owe(["b/1"], fixture),
        try await Self.owe(["c/1"], fixture),
      ]
      #expect(owners.map(\.isEmpty) == [false, false, true])
      while door.arrived.count < 2 { await Task.yield() }
      door.shut(false)
      try await Self.drained(fixture)
      #expect(Set(door.sent) == ["a/1", "b/1", "c/1"])
    }
  }

  @Test(arguments: Backend.all)
  func `a batch is left to a claim, but for the first few`(_ backend: Backend) async throws {
    try await Self.run(backend, lanesMax: 64) { fixture, door in
      let texts = (0...Handover.offersMax).map { "a\($0)/1" }
      try await expectEqual(Self.owe(texts, fixture), "")
      try await Self.drained(fixture)
      #expect(Set(door.sent) == Set(texts))
    }
  }

  @Test(arguments: Backend.all)
  func `nobody takes what is owed once the dispatcher has ended`(
    _ backend: Backend
  ) async throws {
    try await OutboxFixture.run(backend) { fixture in
      let dispatcher = fixture.dispatcher()
      let running = Task { try await dispatcher.run() }
      while dispatcher.slots.takeForNew("approval", fixture.time.now()) == nil {
        await Task.yield()
      }
      running.cancel()
      _ = await running.result
      try await expectEqual(Self.owe(["a/1"], fixture), "")
      try await expectEqual(fixture.dispatcher("two").deliverOnce(), 1)
    }
  }
}
