import DomainModel
import Logging
import NotificationGateways
import RPC
import ServiceCore
import Storage
import StorageSQLite
import TestSupport
import Wire

@testable import NotificationCore

/// A message queue in this process: the real handlers over the generated client, SQLite, real
/// seals, and a gateway that does as it is told.
struct NotificationFixture: Sendable {
  let clock: FakeClock
  let random: SeededRandom
  let gateway: ScriptedGateway
  /// The same seals in each fixture, so that one opens what another has sealed.
  let seals = TestSeals(random: SeededRandom(seed: 7))
  let store: any Store
  let assembly: NotificationAssembly
  /// What intake was told, and what it answers.
  let intake: RecordedIntake
  let channel: any RPCChannel
  let client: NotificationV1.NotificationServiceClient

  /// A queue over a store in memory, or over the file at `path`; with another one, its process
  /// again, over another store.
  init(
    at path: String? = nil, gateway: ScriptedGateway = ScriptedGateway(),
    delivery: DeliverySettings = DeliverySettings(), again queue: NotificationFixture? = nil,
    over other: (any Store)? = nil, data: NotificationAssembly.Data? = nil
  ) async throws {
    let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    self.gateway = gateway
    let data = try data ?? Self.data()
    self.intake = RecordedIntake()
    self.clock = queue?.clock ?? FakeClock()
    self.random = queue?.random ?? SeededRandom()
    self.store =
      try other
      ?? SQLiteStore(
        path.map(SQLiteLocation.file) ?? .memory, time: self.clock, logger: logger)
    try await Migrator(NotificationAssembly.migrations)
      .migrate(self.store, now: self.clock.now())
    self.assembly = NotificationAssembly(
      CoreParts(
        store: self.store, sealer: self.seals.sealer, time: self.clock, random: self.random,
        logger: logger), index: self.seals.blindIndex,
      intake: try self.intake.channel(self.clock, logger), data: data,
      gateway: gateway, delivery: delivery)
    var router = RPCRouter(
      identity: TestIdentity(), access: NotificationAssembly.access, logger: logger)
    self.assembly.register(on: &router)
    self.channel = try InProcessTransport(router, clock: self.clock)
    self.client = NotificationV1.NotificationServiceClient(self.channel)
  }

  /// The policy's data, with bounds for one text to one number that no test meets by chance.
  static func data() throws -> NotificationAssembly.Data {
    var data = try NotificationAssembly.Data(reading: PolicyTexts.text)
    data.sameTextMax = (perMinute: 1_000, perHour: 1_000)
    return data
  }

  /// The store as the queue has it.
  func notifications() throws -> NotificationStore {
    let data = try Self.data()
    return NotificationStore(
      self.store, sealer: self.seals.sealer, index: self.seals.blindIndex,
      rules: QueueRules(classes: data.classes, operators: data.operators))
  }

  /// A claim as a loop of this owner makes it.
  func claim(
    by owner: String, limit: Int = 10, leaseMs: Int64 = DeliverySettings().leaseMs
  ) async throws -> [ClaimedMessage] {
    let free = Dictionary(uniqueKeysWithValues: MobileOperator.allCases.map { ($0, limit) })
    return try await self.notifications().claim(
      ClaimRequest(
        owner: owner, gateway: "scripted", limit: limit, leaseMs: leaseMs, free: free)
    ).messages
  }

  /// Queues the `index`th sample message and returns its id.
  func enqueue(_ index: Int = 1) async throws -> String {
    try await self.client.enqueueMessage(.sample(index), options: .registry).messageID
  }

  /// The message as an auditor sees it, without its tries.
  func message(_ id: String) async throws -> NotificationV1.Message? {
    var message = try await self.messageAndTries(id)
    message?.tries = []
    return message
  }

  /// The message as an auditor sees it.
  func messageAndTries(_ id: String) async throws -> NotificationV1.Message? {
    try await self.client.getMessage(
      NotificationV1.GetMessageRequest(messageID: id), options: .auditor
    ).message
  }

  /// The ledger of a message's tries: each one's outcome, `-` while it runs, and its error.
  func tries(_ id: String) async throws -> [String] {
    try await self.store.read { snapshot in
      try snapshot.rows(
        "SELECT outcome, error_code FROM attempt WHERE message_id = \(id) ORDER BY number"
      ).map { row in
        let outcome = try row.optionalText("outcome") ?? "-"
        return try row.optionalText("error_code").map { "\(outcome) \($0)" } ?? outcome
      }
    }
  }
}

extension CallOptions {
  static let registry = Self.calling(.service, "registry")
  static let auditor = Self.calling(.auditor, "auditor-1")
  static let applicant = Self.calling(.applicant, "applicant-1")

  static func calling(_ kind: Caller.Kind, _ id: String) -> CallOptions {
    CallOptions(metadata: Metadata(caller: Caller(kind: kind, id: id)))
  }
}

extension NotificationV1.EnqueueMessageRequest {
  /// The `index`th permit's text.
  static func sample(_ index: Int) -> Self {
    Self(
      idempotencyKey: "permit-issued-key-\(index)", templateID: "permit_issued",
      values: [
        NotificationV1.TemplateValue(name: "name", value: "𬎆*"),
        NotificationV1.TemplateValue(name: "valid_to", value: "2027年3月10日"),
      ], phone: String(13_800_138_000 + max(0, index - 1)), reference: "application-\(index)")
  }

  /// The `index`th statutory notice, of one segment.
  static func suspended(_ index: Int) -> Self {
    Self(
      idempotencyKey: "suspended-key-000\(index)", templateID: "permit_suspended",
      values: [
        NotificationV1.TemplateValue(name: "name", value: "王*"),
        NotificationV1.TemplateValue(name: "suspended_from", value: "2026年3月2日"),
      ], phone: String(13_900_139_000 + index), reference: "application-\(index)")
  }

  /// The `index`th text that no law demands, of one segment.
  static func found(_ index: Int, phone: String? = nil) -> Self {
    Self(
      idempotencyKey: "loss-withdrawn-\(index)-key", templateID: "loss_withdrawn",
      values: [NotificationV1.TemplateValue(name: "name", value: "王*")],
      phone: phone ?? String(13_700_137_000 + index), reference: "application-\(index)")
  }
}

extension NotificationStore {
  /// Writes down how one try ended, alone.
  func settle(
    _ claimed: ClaimedMessage, _ report: TryReport, _ schedule: RetrySchedule, jitter: UInt64
  ) async throws -> MessageState? {
    try await self.settle(
      [EndedTry(claimed: claimed, report: report, jitter: jitter)], [], schedule, jitter: jitter)[0]
  }

  /// Writes down what providers say, alone.
  func keep(
    _ news: [GatewayNews], _ schedule: RetrySchedule, jitter: UInt64
  ) async throws {
    _ = try await self.settle([], news, schedule, jitter: jitter)
  }
}
