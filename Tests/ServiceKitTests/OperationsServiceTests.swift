import DomainModel
import Foundation
import RPC
import ServiceCore
import Storage
import StorageSQLite
import TestSupport
import Testing
import Wire

@testable import ServiceKit

/// The operator's calls on a store with an outbox, through a router, as an auditor.
@Suite struct OperationsServiceTests {
  private struct Bench {
    let store: SQLiteStore
    let client: OperationsV1.OperationsServiceClient
    let outbox: Outbox
    let clock = FakeClock()

    init(_ location: SQLiteLocation, callsPeers: Bool = true, backups: String = "/dev/null/nowhere")
      async throws
    {
      let random = SeededRandom(seed: 7)
      let sealer = TestSeals(random: random).sealer
      let logger = RecordedLogs().logger()
      self.store = try SQLiteStore(location, time: self.clock, logger: logger)
      self.outbox = Outbox(sealer: sealer)
      try await Migrator([Migration("1", Outbox.schema + Inbox.schema)]).migrate(
        self.store, now: self.clock.now())
      let operations = OperationsService(
        service: .intake,
        parts: CoreParts(
          store: self.store, sealer: sealer, time: self.clock, random: random, logger: logger),
        outbox: callsPeers ? self.outbox : nil, retelling: callsPeers ? Self.retelling : nil,
        backupDirectory: backups)
      var access = AccessTable()
      for method in OperationsV1.OperationsServiceMethods.all {
        access.allow(method, OperationsService.access)
      }
      var router = RPCRouter(identity: TestIdentity(), access: access, logger: logger)
      operations.register(on: &router)
      let channel = try InProcessTransport(router, clock: self.clock)
      self.client = OperationsV1.OperationsServiceClient(
        channel.calling(as: Caller(kind: .auditor, id: "ops")))
    }

    /// A service that knows of `a1` and its case, and of nothing else.
    private static let retelling: LostMessage.Retelling = { _, lost in
      guard lost == LostMessage(applicationID: "a1", what: "case", caseID: "c1") else { return [] }
      return [
        OutboxMessage(
          lane: "a1:approval", destination: "approval", method: "/x.Y/Z", payload: [1],
          idempotencyKey: "key-of-what-was-lost")
      ]
    }

    /// Three messages in one lane, the first of which is parked.
    func park() async throws {
      let (outbox, now) = (self.outbox, self.clock.now())
      try await self.store.write { transaction in
        for number in 0..<3 {
          let message = OutboxMessage(
            lane: "a:approval", destination: "approval", method: "/x.Y/Z", payload: [1],
            idempotencyKey: "key-of-message-\(number)")
          try outbox.enqueue(transaction, message, now: now)
        }
        try transaction.execute(
          "UPDATE outbox SET parked_at = \(now), parked_reason = 'refused' WHERE id = 1")
      }
    }
  }

  @Test func `parked messages are listed with what stands behind them`() async throws {
    let bench = try await Bench(.memory)
    try await bench.park()
    let answer = try await bench.client.listParkedMessages(.init())
    #expect(answer.parked == 1 && answer.waiting == 3)
    let message = try #require(answer.messages.first)
    #expect(message.id == 1 && message.behind == 2 && message.reason == "refused")
    #expect(message.createdAtMs == bench.clock.now().milliseconds)
    await bench.store.close()
  }

  @Test(arguments: [[], [Int64(1), 2, 99]])
  func `a parked message is sent again once, whoever repeats the call`(ids: [Int64]) async throws {
    let bench = try await Bench(.memory)
    try await bench.park()
    let request = OperationsV1.UnparkMessagesRequest(
      idempotencyKey: "unpark-0123456789", ids: ids)
    // Of the others one is not parked and one not there.
    #expect(try await bench.client.unparkMessages(request).unparked == 1)
    #expect(try await bench.client.unparkMessages(request).unparked == 1)
    #expect(try await bench.client.listParkedMessages(.init()).parked == 0)
    let again = OperationsV1.UnparkMessagesRequest(idempotencyKey: "unpark-9876543210", ids: ids)
    #expect(try await bench.client.unparkMessages(again).unparked == 0)
    await bench.store.close()
  }

  @Test func `a service that calls nobody has nothing parked`() async throws {
    let bench = try await Bench(.memory, callsPeers: false)
    #expect(try await bench.client.listParkedMessages(.init()).messages.isEmpty)
    let request = OperationsV1.UnparkMessagesRequest(idempotencyKey: "unpark-0123456789")
    #expect(try await bench.client.unparkMessages(request).unparked == 0)
    await bench.store.close()
  }

  @Test(arguments: [Int32(-1), 501])
  func `a list longer than its bound is refused`(limit: Int32) async throws {
    let bench = try await Bench(.memory)
    let error = await #expect(throws: ServiceError.self) {
      try await bench.client.listParkedMessages(.init(limit: limit))
    }
    #expect(error?.reason == "PAGE_INVALID")
    await bench.store.close()
  }

  @Test func `more ids than one call takes are refused`() async throws {
    let bench = try await Bench(.memory)
    let error = await #expect(throws: ServiceError.self) {
      try await bench.client.unparkMessages(
        .init(idempotencyKey: "unpark-0123456789", ids: Array(0...500)))
    }
    #expect(error?.violations.map(\.reason) == ["IDS_TOO_MANY"])
    await bench.store.close()
  }

  @Test func `a folder that cannot be made refuses the backup and leaves the store well`()
    async throws
  {
    let bench = try await Bench(.memory)
    let error = await #expect(throws: ServiceError.self) {
      try await bench.client.backUpStore(.init())
    }
    #expect(error?.reason == "STORE_UNAVAILABLE")
    // The path is for the log.
    #expect(error?.message.contains("nowhere") == false)
    #expect(bench.store.fault == nil)
    await bench.store.close()
  }

  @Test func `a backup is named with what it is known by`() async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "ops-\(UUID())").path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let bench = try await Bench(.memory, backups: folder)
    let made = try await bench.client.backUpStore(.init())
    #expect(made.schemaVersion == 1 && made.madeAtMs == bench.clock.now().milliseconds)
    let manifest = try Restore.verify(manifest: made.manifest)
    #expect(manifest.sha256 == made.sha256 && manifest.bytes == made.bytes)
    #expect(manifest.service == "intake")
    await bench.store.close()
  }

  @Test func `what another has lost is owed anew, once a key`() async throws {
    let bench = try await Bench(.memory)
    let request = OperationsV1.ResendLostRequest(
      idempotencyKey: "a-key-of-the-repair",
      lost: [
        .init(applicationID: "a1", what: "case", caseID: "c1"),
        .init(applicationID: "a2", what: "case"),
      ])
    for _ in 0..<2 { #expect(try await bench.client.resendLost(request).messages == 1) }
    let owed = try await bench.store.read { try bench.outbox.depth($0).messages }
    #expect(owed == 1)
  }

  @Test func `a service that calls nobody has nothing to tell anew`() async throws {
    let bench = try await Bench(.memory, callsPeers: false)
    let request = OperationsV1.ResendLostRequest(
      idempotencyKey: "a-key-of-the-repair", lost: [.init(applicationID: "a1", what: "case")])
    #expect(try await bench.client.resendLost(request).messages == 0)
  }

  @Test func `too much that was lost is refused at once`() async throws {
    let bench = try await Bench(.memory)
    let error = await #expect(throws: ServiceError.self) {
      try await bench.client.resendLost(
        .init(
          idempotencyKey: "a-key-of-the-repair",
          lost: Array(repeating: .init(), count: OperationsService.resendMax + 1)))
    }
    #expect(error?.reason == "REQUEST_INVALID")
  }
}
