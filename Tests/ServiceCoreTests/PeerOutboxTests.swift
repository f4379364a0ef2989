import DomainModel
import RPC
import ServiceCore
import Storage
import StorageSQLite
import Synchronization
import TestSupport
import Testing
import Wire

/// A peer that keeps what reaches it.
private final class Ear: RPCChannel {
  struct Heard: Hashable {
    let path: String
    let request: [UInt8]
    let caller: String?
    let timeoutMs: Int64?
  }

  private let kept = Mutex<[Heard]>([])

  var heard: [Heard] { self.kept.withLock { $0 } }

  func unary(
    _ method: Method, _ request: [UInt8], _ options: CallOptions
  ) async throws -> [UInt8] {
    self.kept.withLock {
      $0.append(
        Heard(
          path: method.path, request: request, caller: options.metadata["authorization"],
          timeoutMs: options.timeoutMs))
    }
    return []
  }

  func streaming<Result>(
    _ method: Method, _ options: CallOptions,
    _ body: (any MessageSink, any MessageSource) async throws -> Result
  ) async throws -> Result {
    throw ServiceError(code: .unimplemented, message: "Nothing streams here.")
  }
}

struct PeerOutboxTests {
  private let clock = FakeClock()
  private let parts: CoreParts
  private let outbox: Outbox
  private let intake = Ear()
  private let registry = Ear()

  init() async throws {
    let logger = RecordedLogs().logger()
    let store = try SQLiteStore(.memory, time: self.clock, logger: logger)
    try await Migrator([Migration("outbox", Outbox.schema)])
      .migrate(store, now: self.clock.now())
    let random = SeededRandom()
    self.parts = CoreParts(
      store: store, sealer: TestSeals(random: random).sealer, time: self.clock, random: random,
      logger: logger)
    self.outbox = Outbox(sealer: self.parts.sealer)
  }

  private func owe(_ message: OutboxMessage) async throws {
    let (outbox, now) = (self.outbox, self.clock.now())
    try await self.parts.store.write { try outbox.enqueue($0, message, now: now) }
  }

  @Test func `a message goes to the peer it names, in the name of the channel`() async throws {
    let method = RegistryV1.CertificateRegistryServiceMethods.issuePermit
    let request = RegistryV1.IssuePermitRequest(idempotencyKey: "case-1-issue-0001")
    try await self.owe(
      OutboxMessage(
        request, method, to: .registry, lane: "case:1:registry", key: request.idempotencyKey))
    let answered = Progress()
    let peers = PeerOutbox(
      self.outbox, of: self.parts,
      to: [
        .intake: self.intake,
        .registry: self.registry.calling(as: Caller(service: .approval)),
      ]
    ) { effects in
      effects.onAnswer(method.path) { _, _, _ in answered.step() }
    }
    #expect(try await peers.deliverOnce() == 1)
    #expect(try await peers.deliverOnce() == 0)
    #expect(answered.count == 1)
    #expect(self.intake.heard.isEmpty)
    let heard = try #require(self.registry.heard.first)
    #expect(heard.path == method.path)
    #expect(heard.request == (try request.wireBytes()))
    #expect(heard.caller == "Bearer " + TestIdentity.token(Caller(service: .approval)))
    #expect(heard.timeoutMs == PeerOutbox.timeoutMs)
  }

  @Test func `what nobody takes is not delivered to anybody`() async throws {
    let peers = PeerOutbox(self.outbox, of: self.parts, to: [.intake: self.intake])
    for (lane, destination) in [("a", "nobody"), ("b", "registry")] {
      try await self.owe(
        OutboxMessage(
          lane: lane, destination: destination, method: "/a.B/C", payload: [],
          idempotencyKey: "key-of-lane-\(lane)-0001"))
    }
    #expect(try await peers.deliverOnce() == 0)
    #expect(self.intake.heard.isEmpty)
    let (outbox, store) = (self.outbox, self.parts.store)
    #expect(try await store.read { try outbox.depth($0) }.messages == 2)
  }

  @Test func `a message to a platform goes there alone, whatever its name is`() async throws {
    let platform = Ear()
    let peers = PeerOutbox(
      self.outbox, of: self.parts, to: [.registry: self.registry],
      platforms: [Platform(name: "registry", channel: platform)])
    let method = FeedV1.ChangeSinkMethods.pushChanges
    let request = FeedV1.PushChangesRequest(idempotencyKey: "entry-1-1-registry")
    try await self.owe(
      OutboxMessage(
        request, method, toPlatform: "registry", lane: "feed:1:registry",
        key: request.idempotencyKey))
    #expect(try await peers.deliverOnce() == 1)
    #expect(platform.heard.map(\.request) == [try request.wireBytes()])
    #expect(self.registry.heard.isEmpty)
  }

  @Test func `a platform's name is a short word`() {
    for name in ["a", "data-platform", "credit2", String(repeating: "a", count: 32)] {
      #expect(Platform.isName(name))
    }
    for name in ["", "A", "a b", "数据", "a=b", String(repeating: "a", count: 33)] {
      #expect(!Platform.isName(name))
    }
  }

  @Test func `a delivery ends before its lane's lease`() {
    #expect(PeerOutbox.timeoutMs < OutboxLimits().leaseMs)
  }
}
