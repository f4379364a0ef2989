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
  let channel: any RPCChannel
  let client: NotificationV1.NotificationServiceClient

  /// A queue over a store in memory, or over the file at `path`; with another one, its process
  /// again, over another store.
  init(
    at path: String? = nil, gateway: ScriptedGateway = ScriptedGateway(),
    delivery: DeliverySettings = DeliverySettings(), again queue: NotificationFixture? = nil,
    over other: (any Store)? = nil
  ) async throws {
    let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    self.gateway = gateway
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
        logger: logger),
      templates: try MessageTemplates(text: PolicyTexts.text("templates.tsv")),
      gateway: gateway, delivery: delivery)
    var router = RPCRouter(
      identity: TestIdentity(), access: NotificationAssembly.access, logger: logger)
    self.assembly.register(on: &router)
    self.channel = try InProcessTransport(router, clock: self.clock)
    self.client = NotificationV1.NotificationServiceClient(self.channel)
  }

  /// Queues the `index`th sample message and returns its id.
  func enqueue(_ index: Int = 1) async throws -> String {
    try await self.client.enqueueMessage(.sample(index), options: .registry).messageID
  }

  /// The message as an auditor sees it.
  func message(_ id: String) async throws -> NotificationV1.Message? {
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
      ], phone: "13800138000", reference: "application-\(index)")
  }
}
