import DomainModel
import Storage
import Testing

@Suite struct InboxTests {
  static let now = Timestamp(milliseconds: 1_700_000_000_000)
  static let schema =
    Inbox.schema + ["CREATE TABLE effect (n $IDENTITY, reply $TEXT NOT NULL) $TABLE;"]
  static let key = "0123456789abcdef"

  let inbox = Inbox(sealer: FakeSealer())

  struct Call: Sendable {
    var caller = "service:intake"
    var method = "/anju.approval.v1.ApprovalService/OpenCase"
    var key = InboxTests.key
    var fingerprint: [UInt8] = [1, 2, 3]
    var now = InboxTests.now
  }

  /// Answers a call with the number of the effect it had.
  private func answer(_ store: any Store, _ call: Call = Call()) async throws -> String {
    let inbox = self.inbox
    let inboxCall = try InboxCall(
      caller: call.caller, method: call.method, key: call.key, fingerprint: call.fingerprint)
    let reply = try await store.write { transaction in
      try inbox.answerOnce(transaction, inboxCall, now: call.now) {
        try transaction.execute("INSERT INTO effect (reply) VALUES ('done')")
        let row = try transaction.row("SELECT COUNT(*) AS n FROM effect")
        return Array("effect \(try row?.int("n") ?? 0)".utf8)
      }
    }
    return String(decoding: reply, as: UTF8.self)
  }

  @Test(arguments: Backend.all)
  func `a repeat gets the first answer and has no effect`(_ backend: Backend) async throws {
    try await backend.withStore(Self.schema) { store in
      for _ in 0..<3 { try await expectEqual(self.answer(store), "effect 1") }
      try await expectEqual(store.count("SELECT n FROM effect"), 1)
    }
  }

  @Test(arguments: Backend.all)
  func `fifty repeats at once have one effect`(_ backend: Backend) async throws {
    try await backend.withStore(Self.schema) { store in
      try await withThrowingTaskGroup { group in
        for _ in 0..<50 { group.addTask { try await self.answer(store) } }
        for try await answer in group { #expect(answer == "effect 1") }
      }
      try await expectEqual(store.count("SELECT n FROM effect"), 1)
    }
  }

  @Test(arguments: Backend.all)
  func `another content under the same key is refused`(_ backend: Backend) async throws {
    try await backend.withStore(Self.schema) { store in
      _ = try await self.answer(store)
      await #expect(throws: ServiceError(.idempotencyKeyReused)) {
        _ = try await self.answer(store, Call(fingerprint: [9]))
      }
      try await expectEqual(store.count("SELECT n FROM effect"), 1)
    }
  }

  /// A hash without a key would let whoever holds the file confirm a guess of the request.
  @Test(arguments: Backend.all)
  func `the fingerprint does not stand open in the row`(_ backend: Backend) async throws {
    let fingerprint: [UInt8] = Array(200..<232)
    try await backend.withStore(Self.schema) { store in
      _ = try await self.answer(store, Call(fingerprint: fingerprint))
      let open = try await store.read { snapshot in
        try snapshot.rows("SELECT answer FROM inbox").filter {
          try $0.bytes("answer").contains(fingerprint)
        }.count
      }
      #expect(open == 0)
    }
  }

  @Test(arguments: Backend.all)
  func `other callers and methods have keys of their own`(_ backend: Backend) async throws {
    try await backend.withStore(Self.schema) { store in
      try await expectEqual(self.answer(store), "effect 1")
      try await expectEqual(self.answer(store, Call(caller: "service:registry")), "effect 2")
      try await expectEqual(self.answer(store, Call(method: "/other")), "effect 3")
      try await expectEqual(self.answer(store, Call(key: Self.key + "|x")), "effect 4")
    }
  }

  @Test(arguments: Backend.all)
  func `a refused call leaves its key free`(_ backend: Backend) async throws {
    let inbox = self.inbox
    try await backend.withStore(Self.schema) { store in
      let call = try InboxCall(
        caller: "service:intake", method: Call().method, key: Self.key, fingerprint: [7])
      await #expect(throws: ServiceError(.caseWrongState)) {
        try await store.write { transaction in
          try inbox.answerOnce(transaction, call, now: Self.now) {
            try transaction.execute("INSERT INTO effect (reply) VALUES ('half')")
            throw ServiceError(.caseWrongState)
          }
        }
      }
      // The first effect's number may be spent: PostgreSQL does not give it back.
      let first = try await self.answer(store)
      #expect(first.hasPrefix("effect "))
      try await expectEqual(self.answer(store), first)
      try await expectEqual(store.count("SELECT n FROM effect"), 1)
    }
  }

  @Test(arguments: [
    ("", false), (String(repeating: "k", count: 15), false),
    (String(repeating: "k", count: 16), true), (String(repeating: "𬎆", count: 64), true),
    (String(repeating: "k", count: 65), false), (String(repeating: "k", count: 1_000_000), false),
  ])
  func `keys have 16 to 64 characters`(_ key: String, _ isAllowed: Bool) {
    let make = { try InboxCall(caller: "c", method: "m", key: key, fingerprint: []) }
    if isAllowed {
      #expect(throws: Never.self) { try make() }
    } else {
      #expect(throws: ServiceError(.idempotencyKeyInvalid)) { try make() }
    }
  }

  @Test(arguments: Backend.all)
  func `answers are kept thirty days and purged in bounded steps`(
    _ backend: Backend
  ) async throws {
    let inbox = self.inbox
    try await backend.withStore(Self.schema) { store in
      for number in 0..<(Inbox.purgeRowsMax + 10) {
        let key = Self.key + "\(number)"
        _ = try await self.answer(store, Call(key: key))
      }
      let day30 = Self.now.adding(milliseconds: Inbox.keptMs)
      try await expectEqual(store.write { try inbox.purge($0, now: day30) }, 0)
      let later = day30.adding(milliseconds: 1)
      try await expectEqual(store.write { try inbox.purge($0, now: later) }, Inbox.purgeRowsMax)
      try await expectEqual(store.write { try inbox.purge($0, now: later) }, 10)
      try await expectEqual(store.count("SELECT key FROM inbox"), 0)
    }
  }
}
