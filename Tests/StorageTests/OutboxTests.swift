import DomainModel
import Logging
import Synchronization
import Testing

@testable import Storage

/// What was sent, in order, and what the far end answers.
final class FakeReceiver: Sendable {
  private struct State {
    var sent: [String] = []
    var failures: [String: [ServiceError]] = [:]
  }

  private let state = Mutex(State())

  var sent: [String] { self.state.withLock { $0.sent } }

  /// The next calls with this payload fail, one error each.
  func fail(_ payload: String, with errors: [ServiceError]) {
    self.state.withLock { $0.failures[payload] = errors }
  }

  func receive(_ message: OutboxMessage) throws -> [UInt8] {
    let payload = String(decoding: message.payload, as: UTF8.self)
    try self.state.withLock { state in
      state.sent.append(payload)
      if let error = state.failures[payload]?.first {
        state.failures[payload]?.removeFirst()
        throw error
      }
    }
    return Array("re: \(payload)".utf8)
  }
}

/// An outbox, its store, its receiver and as many dispatchers as a test wants.
struct OutboxFixture: Sendable {
  static let schema =
    Outbox.schema + ["CREATE TABLE answer (n $IDENTITY, reply $TEXT NOT NULL) $TABLE;"]
  static let method = "/anju.approval.v1.ApprovalService/OpenCase"

  let store: any Store
  let time: FakeTime
  let outbox = Outbox(sealer: FakeSealer())
  let receiver = FakeReceiver()

  static func run(
    _ backend: Backend, _ body: (OutboxFixture) async throws -> Void
  ) async throws {
    let time = FakeTime()
    try await backend.withStore(Self.schema, time: time) { store in
      try await body(OutboxFixture(store: store, time: time))
    }
  }

  /// Enqueues one message per `lane/payload`, in one transaction.
  func enqueue(
    _ messages: [String], to destination: String = "approval",
    method: String = OutboxFixture.method
  ) async throws {
    let outbox = self.outbox
    let now = self.time.now()
    try await self.store.write { transaction in
      for text in messages {
        let lane = text.split(separator: "/").first.map(String.init) ?? ""
        try outbox.enqueue(
          transaction,
          OutboxMessage(
            lane: lane, destination: destination, method: method, payload: Array(text.utf8),
            idempotencyKey: "key-of-message-\(text)"),
          now: now)
      }
    }
  }

  func dispatcher(
    _ owner: String = "one", limits: OutboxLimits = OutboxLimits(), logger: Logger = .silent,
    _ change: (inout OutboxEffects) -> Void = { _ in }
  ) -> OutboxDispatcher {
    let receiver = self.receiver
    var effects = OutboxEffects { try receiver.receive($0) }
    effects.onAnswer(Self.method) { transaction, _, reply in
      let text = String(decoding: reply, as: UTF8.self)
      try transaction.execute("INSERT INTO answer (reply) VALUES (\(text))")
    }
    change(&effects)
    return OutboxDispatcher(
      store: self.store, outbox: self.outbox, effects: effects, limits: limits,
      environment: .init(
        owner: owner, time: self.time, random: SeededRandom(), logger: logger))
  }

  func answers() async throws -> [String] {
    try await self.store.read { snapshot in
      try snapshot.rows("SELECT reply FROM answer ORDER BY n").map { try $0.text("reply") }
    }
  }

  func depth() async throws -> OutboxDepth {
    let outbox = self.outbox
    return try await self.store.read { try outbox.depth($0) }
  }

  func parked() async throws -> [ParkedMessage] {
    let outbox = self.outbox
    return try await self.store.read { try outbox.parked($0) }
  }
}

@Suite struct OutboxTests {
  static let later = ServiceError(.storeUnavailable)
  static let never = ServiceError(.caseWrongState)

  @Test(arguments: Backend.all)
  func `a lane is sent in order, and each answer takes effect once`(
    _ backend: Backend
  ) async throws {
    try await OutboxFixture.run(backend) { fixture in
      try await fixture.enqueue(["a/1", "b/1", "a/2", "a/3", "b/2"])
      try await expectEqual(fixture.dispatcher().deliverOnce(), 5)
      #expect(fixture.receiver.sent == ["a/1", "a/2", "a/3", "b/1", "b/2"])
      try await expectEqual(
        fixture.answers(), ["re: a/1", "re: a/2", "re: a/3", "re: b/1", "re: b/2"])
      try await expectEqual(fixture.depth(), OutboxDepth(messages: 0, parked: 0, oldest: nil))
      try await expectEqual(fixture.store.count("SELECT key FROM outbox_lane"), 0)
      try await expectEqual(fixture.dispatcher().deliverOnce(), 0)
    }
  }

  @Test(arguments: Backend.all)
  func `a message of a refused transaction is not owed`(_ backend: Backend) async throws {
    try await OutboxFixture.run(backend) { fixture in
      let outbox = fixture.outbox
      let now = fixture.time.now()
      await #expect(throws: ServiceError(.caseNotFound)) {
        try await fixture.store.write { transaction in
          try outbox.enqueue(
            transaction,
            OutboxMessage(
              lane: "a", destination: "approval", method: "m", payload: [],
              idempotencyKey: "0123456789abcdef"), now: now)
          throw ServiceError(.caseNotFound)
        }
      }
      try await expectEqual(fixture.depth().messages, 0)
    }
  }

  @Test(arguments: Backend.all)
  func `what failed for now is tried again after a growing back-off, and holds its lane`(
    _ backend: Backend
  ) async throws {
    try await OutboxFixture.run(backend) { fixture in
      let dispatcher = fixture.dispatcher()
      fixture.receiver.fail("a/1", with: [Self.later, Self.later])
      try await fixture.enqueue(["a/1", "a/2", "b/1"])
      try await expectEqual(dispatcher.deliverOnce(), 1)
      try await expectEqual(dispatcher.deliverOnce(), 0)
      fixture.time.advance(dispatcher.limits.backoff.firstMs)
      try await expectEqual(dispatcher.deliverOnce(), 0)
      fixture.time.advance(dispatcher.limits.backoff.firstMs - 1)
      // The second back-off lasts between one and two of the first.
      #expect(fixture.receiver.sent == ["a/1", "b/1", "a/1"])
      fixture.time.advance(dispatcher.limits.backoff.firstMs + 1)
      try await expectEqual(dispatcher.deliverOnce(), 2)
      #expect(fixture.receiver.sent == ["a/1", "b/1", "a/1", "a/1", "a/2"])
    }
  }

  @Test(arguments: Backend.all, ServiceError.Code.allCases)
  func `a status is either tried again or parks the message`(
    _ backend: Backend, _ code: ServiceError.Code
  ) async throws {
    let parked: Set<ServiceError.Code> = [
      .invalidArgument, .notFound, .alreadyExists, .failedPrecondition, .outOfRange, .dataLoss,
    ]
    try await OutboxFixture.run(backend) { fixture in
      fixture.receiver.fail("a/1", with: [ServiceError(code: code, message: "no")])
      try await fixture.enqueue(["a/1"])
      _ = try await fixture.dispatcher().deliverOnce()
      try await expectEqual(fixture.depth().parked, parked.contains(code) ? 1 : 0)
      try await expectEqual(fixture.depth().messages, 1)
    }
  }
}
