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
  private let store: SQLiteStore
  private let inbox: Inbox
  private let once: AnswerOnce
  private let context: CallContext
  private let request = Request(idempotencyKey: "a-key-of-this-call", templateID: "t")

  init() async throws {
    let logger = RecordedLogs().logger()
    self.store = try SQLiteStore(.memory, time: self.clock, logger: logger)
    try await Migrator([Migration("inbox", Inbox.schema)])
      .migrate(self.store, now: self.clock.now())
    self.inbox = Inbox(sealer: TestSeals(random: SeededRandom()).sealer)
    self.once = AnswerOnce(self.store, inbox: self.inbox)
    self.context = CallContext(
      method: NotificationV1.NotificationServiceMethods.enqueueMessage,
      caller: Caller(service: .intake), logger: logger)
  }

  /// Keeps an answer as a service's store does.
  private func keep(_ id: String, for call: InboxCall) async throws -> [UInt8] {
    let (inbox, now) = (self.inbox, self.clock.now())
    return try await self.store.write { transaction in
      try inbox.answerOnce(transaction, call, now: now) { try Answer(messageID: id).wireBytes() }
    }
  }

  private func answer(
    _ request: Request, _ work: (InboxCall) async throws -> [UInt8]
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
    await #expect(throws: UnusableData.self) {
      try await self.answer(self.request) { _ in [0xFF] }
    }
  }

  @Test func `the first answer can be asked for`() async throws {
    let call = try AnswerOnce.call(
      self.request, key: self.request.idempotencyKey, self.context)
    let before: Answer? = try await self.once.firstAnswer(to: call)
    #expect(before == nil)
    _ = try await self.keep("first", for: call)
    let after: Answer? = try await self.once.firstAnswer(to: call)
    #expect(after?.messageID == "first")
  }
}
