import DomainModel
import RPC
import ServiceCore
import Storage
import StorageSQLite
import TestSupport
import Testing
import Wire

struct AnswerOnceTests {
  private typealias Request = NotificationV1.EnqueueMessageRequest
  private typealias Answer = NotificationV1.EnqueueMessageResponse

  private let clock = FakeClock()
  private let once: AnswerOnce
  private let context: CallContext
  private let request = Request(idempotencyKey: "a-key-of-this-call", templateID: "t")

  init() async throws {
    let logger = RecordedLogs().logger()
    let store = try SQLiteStore(.memory, time: self.clock, logger: logger)
    try await Migrator([Migration("inbox", Inbox.schema)]).migrate(store, now: self.clock.now())
    let random = SeededRandom()
    let parts = CoreParts(
      store: store, sealer: TestSeals(random: random).sealer, time: self.clock, random: random,
      logger: logger)
    self.once = AnswerOnce(parts, ServiceTables(parts))
    self.context = CallContext(
      method: NotificationV1.NotificationServiceMethods.enqueueMessage,
      caller: Caller(service: .intake), logger: logger)
  }

  private func keep(_ id: String, for call: MutatingCall) async throws -> Answer {
    try await call.commit { _, _ in Answer(messageID: id) }
  }

  private func answer(
    _ request: Request, _ work: (MutatingCall) async throws -> Answer
  ) async throws -> Answer {
    try await self.once.answer(request, key: request.idempotencyKey, self.context, work)
  }

  @Test func `a repeat gets the first answer`() async throws {
    let first = try await self.answer(self.request) { try await self.keep("first", for: $0) }
    let second = try await self.answer(self.request) { try await self.keep("second", for: $0) }
    #expect(first.messageID == "first")
    #expect(second == first)
  }

  @Test func `a retry that is refused because its first try succeeded is answered`() async throws {
    let answer = try await self.answer(self.request) { call in
      _ = try await self.keep("first", for: call)
      throw ServiceError(.applicationWrongState)
    }
    #expect(answer.messageID == "first")
  }

  @Test func `a refusal with nothing before it is told, and leaves the key`() async throws {
    let error = await #expect(throws: ServiceError.self) {
      try await self.answer(self.request) { _ in throw ServiceError(.applicationWrongState) }
    }
    #expect(error?.reason == "APPLICATION_WRONG_STATE")
    let answer = try await self.answer(self.request) { try await self.keep("now", for: $0) }
    #expect(answer.messageID == "now")
  }

  @Test func `another content under the key is told before what else is wrong with it`()
    async throws
  {
    _ = try await self.answer(self.request) { try await self.keep("first", for: $0) }
    var other = self.request
    other.templateID = "other"
    let error = await #expect(throws: ServiceError.self) {
      try await self.answer(other) { _ in throw ServiceError(.requestInvalid) }
    }
    #expect(error?.reason == "IDEMPOTENCY_KEY_REUSED")
  }

  @Test(arguments: [ErrorReason.overloaded, .storeUnavailable])
  func `what may succeed later is told as it is`(_ reason: ErrorReason) async throws {
    let error = await #expect(throws: ServiceError.self) {
      try await self.answer(self.request) { call in
        _ = try await self.keep("first", for: call)
        throw ServiceError(reason)
      }
    }
    #expect(error?.reason == reason.rawValue)
  }

  @Test func `a kept answer that cannot be read is our fault`() async throws {
    let call = try self.once.call(
      self.request, key: self.request.idempotencyKey, self.context)
    _ = try await call.commit { _, _ in Unreadable() }
    await #expect(throws: UnusableData.self) {
      try await self.answer(self.request) { try await self.keep("second", for: $0) }
    }
  }

  @Test func `the first answer can be asked for`() async throws {
    let call = try self.once.call(
      self.request, key: self.request.idempotencyKey, self.context)
    let before: Answer? = try await self.once.firstAnswer(to: call)
    #expect(before == nil)
    _ = try await self.keep("first", for: call)
    let after: Answer? = try await self.once.firstAnswer(to: call)
    #expect(after?.messageID == "first")
  }

  @Test func `an answer without a commit is not kept`() async throws {
    let first = try await self.answer(self.request) { _ in Answer(messageID: "told") }
    #expect(first.messageID == "told")
    let second = try await self.answer(self.request) { try await self.keep("kept", for: $0) }
    #expect(second.messageID == "kept")
  }

  @Test func `a change bears who calls and when, or who is named in its place`() async throws {
    let call = try self.once.call(
      self.request, key: self.request.idempotencyKey, self.context)
    #expect(call.stamp.actor == Actor(principal: "service:intake"))
    #expect(call.now == self.clock.now())
    let later = self.clock.now().adding(milliseconds: 5_000)
    let officer = Actor(principal: "officer:7", role: "approve", office: "330100000000")
    let changed = call.acting(as: officer).at(later)
    let answer = try await changed.commit { _, stamp in
      Answer(messageID: "\(stamp.actor.principal) \(stamp.actor.role) \(stamp.now.milliseconds)")
    }
    #expect(answer.messageID == "officer:7 approve \(later.milliseconds)")
  }
}

/// A message whose bytes nobody can read.
private struct Unreadable: WireMessage {
  init() {}

  init(wireBytes: [UInt8]) {}

  func wireBytes() -> [UInt8] { [0xFF] }
}
