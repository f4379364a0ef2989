import DomainModel
import NotificationGateways
import RPC
import Reconciliation
import Storage
import TestSupport
import Wire

/// Looks, once all is calm, whether anything was lost or happened twice: what the kill test asks of
/// the real processes, what `anju reconcile` compares, and what every answer had promised.
struct Inquiry: Sendable {
  /// How long what is owed may take to be delivered once nothing goes wrong any more, in
  /// milliseconds: longer than the longest waits between two tries of an outbox (30 s) and of the
  /// gateway (10 min).
  static let settlingMsMax: Int64 = 1_800_000
  private static let lookMs: Int64 = 500
  private static let page = ModelV1.Page(size: 500)

  let world: SimulatedWorld
  let walked: [Acknowledged]

  func run() async {
    do {
      guard try await self.settle() else { return }
      let stores = try await self.stores()
      for difference in stores.differences() {
        self.world.violated("the stores differ: \(difference.kind) \(difference.subject)")
      }
      self.checkPermits(stores.permits)
      self.checkApplications(stores.applications)
      for acknowledged in self.walked {
        try await self.checkApplication(acknowledged)
        try await self.checkCase(acknowledged)
        try await self.checkHistory(acknowledged)
        self.checkTexts(acknowledged, stores.messages)
      }
      self.checkDeliveries(stores.messages)
    } catch {
      if !self.world.isViolated { self.world.violated("the inquiry failed: \(error)") }
    }
  }

  private func expect(_ holds: Bool, _ what: @autoclosure () -> String) {
    if !holds { self.world.violated(what()) }
  }

  // What is owed.

  /// Waits until nothing is owed any more, and no text is under way.
  private func settle() async throws -> Bool {
    let last = self.world.clock.now().adding(milliseconds: Self.settlingMsMax)
    var owed: [String] = []
    repeat {
      owed = try await self.owed()
      if owed.isEmpty { return true }
      try await self.world.sleep(Self.lookMs)
    } while self.world.clock.now() < last
    self.world.violated("half an hour after the last fault there is still owed: \(owed)")
    return false
  }

  private func owed() async throws -> [String] {
    let underWay = self.world.gateway.underWay
    var owed = underWay > 0 ? ["the gateway owes \(underWay)"] : []
    for name in ServiceName.allCases {
      guard let serving = self.world.serving(name) else {
        owed.append("\(name) is away")
        continue
      }
      let sql: SQL =
        switch name {
        // A reminder is owed in its time.
        case .notification:
          """
          SELECT COUNT(*) AS n FROM message
          WHERE state = 'queued' AND COALESCE(not_before, 0) <= \(self.world.clock.now())
          """
        // A change owes the log its leaf.
        case .registry:
          """
          SELECT (SELECT COUNT(*) FROM outbox) + COUNT(*) AS n FROM log_entry
          WHERE leaf_index IS NULL
          """
        case .intake, .approval: "SELECT COUNT(*) AS n FROM outbox"
        }
      let count = try await serving.store.read { try $0.row(sql)?.int("n") ?? 0 }
      if count > 0 { owed.append("\(name) owes \(count)") }
    }
    return owed
  }

  // What the four say.

  private var auditor: Client {
    Client(
      world: self.world, caller: Caller(kind: .auditor, id: "auditor1"),
      chance: Chance(seed: self.world.seed, of: "auditor"))
  }

  private func stores() async throws -> Reconciliation {
    let auditor = self.auditor
    let options = auditor.options
    return Reconciliation(
      applications: try await auditor.call {
        try await auditor.intake.listApplications(.init(page: Self.page), options: options)
      }.applications,
      cases: try await auditor.call {
        try await auditor.approval.listWork(
          .init(page: Self.page, includeClosed: true), options: options)
      }.items,
      permits: try await auditor.call {
        try await auditor.registry.findPermits(.init(page: Self.page), options: options)
      }.permits,
      messages: try await auditor.call {
        try await auditor.notification.listMessages(.init(page: Self.page), options: options)
      }.messages)
  }

  /// The permits that were told of are all there are.
  private func checkPermits(_ permits: [RegistryV1.Permit]) {
    let told = self.walked.map(\.certificate).filter { !$0.isEmpty }.sorted()
    let found = permits.map(\.certificateIdentifier).sorted()
    self.expect(found == told, "there are permits \(found); told of were \(told)")
  }

  /// The applications that were submitted are all there are, beside drafts that were refused.
  private func checkApplications(_ applications: [IntakeV1.ApplicationSummary]) {
    func ids(_ isIn: (IntakeV1.ApplicationState) -> Bool) -> [String] {
      applications.filter { isIn($0.state) }.map(\.applicationID).sorted()
    }
    let (drafts, submitted) = (ids { $0 == .draft }, ids { $0 != .draft })
    let told = self.walked.map(\.applicationID).sorted()
    self.expect(submitted == told, "submitted are \(submitted); told of were \(told)")
    let rivals = self.walked.compactMap(\.rivalDraftID).sorted()
    self.expect(drafts == rivals, "there are drafts \(drafts); told of were \(rivals)")
  }

  private func checkApplication(_ told: Acknowledged) async throws {
    let auditor = self.auditor
    let found = try await auditor.call {
      try await auditor.intake.getApplication(
        .init(key: .applicationID(told.applicationID)), options: auditor.options
      ).application
    }
    self.expect(
      found?.state == told.end && found?.receipt?.applicationNumber == told.applicationNumber
        && (found?.completion?.certificateIdentifier ?? "") == told.certificate
        && found?.version == Int64(told.applicationActions.count)
        && found?.materials.count == Person.materials.count,
      "\(told) is not what was acknowledged: \(String(describing: found))")
  }

  /// The opinions that were acknowledged, each once, and each event of the case once.
  private func checkCase(_ told: Acknowledged) async throws {
    let auditor = self.auditor
    let found = try await auditor.call {
      try await auditor.approval.getCase(
        .init(key: .applicationID(told.applicationID)), options: auditor.options
      ).case
    }
    self.expect(found?.caseID == told.caseID, "\(told.applicationID) has another case")
    let opinions = (found?.opinions ?? []).map {
      Signed(stage: $0.stage, decision: $0.decision, officerID: $0.officerID)
    }
    self.expect(
      opinions == told.opinions,
      "\(told.caseID) has opinions \(opinions); told of were \(told.opinions)")
    let events = try await auditor.call {
      try await auditor.approval.getCaseHistory(
        .init(caseID: told.caseID), options: auditor.options
      ).events
    }
    let actions = events.map(\.action)
    self.expect(
      actions == told.caseActions && found?.version == Int64(actions.count),
      "\(told.caseID) has history \(actions), and should have \(told.caseActions)")
  }

  /// An entry for each change of the application, in order; of a refused draft too.
  private func checkHistory(_ told: Acknowledged) async throws {
    try await self.expectHistory(of: told.applicationID, told.applicationActions)
    if let rival = told.rivalDraftID {
      try await self.expectHistory(of: rival, Acknowledged.draftActions)
    }
  }

  private func expectHistory(of id: String, _ wanted: [String]) async throws {
    let found = try await self.world.server(.intake).store.read { snapshot in
      try snapshot.rows("SELECT action FROM history WHERE entity = \(id) ORDER BY sequence")
        .map { try $0.text("action") }
    }
    self.expect(found == wanted, "\(id) has history \(found), and should have \(wanted)")
  }

  // What was told.

  /// Each text about the application is there once.
  private func checkTexts(_ told: Acknowledged, _ messages: [NotificationV1.Message]) {
    let found = messages.filter { $0.reference == told.applicationID }.map(\.templateID).sorted()
    self.expect(
      found == told.texts, "\(told.applicationID) has texts \(found), not \(told.texts)")
  }

  /// Each text was delivered once, each reminder waits for its time, and there is nothing else.
  private func checkDeliveries(_ all: [NotificationV1.Message]) {
    let now = self.world.clock.now().milliseconds
    let messages = all.filter { $0.notBeforeMs <= now }
    for message in all where message.notBeforeMs > now {
      self.expect(
        message.state == .queued, "\(message.messageID) does not wait: \(message.state)")
    }
    let delivered = Dictionary(grouping: self.world.gateway.delivered, by: \.messageID)
    for message in messages {
      let count = delivered[message.messageID]?.count ?? 0
      self.expect(count > 0, "\(message.messageID) was never delivered")
      self.expect(count < 2, "\(message.messageID) was delivered \(count) times, not once")
    }
    self.expect(
      delivered.count == messages.count,
      "\(delivered.count) texts were delivered, of \(messages.count)")
    let phones = Set(self.walked.map(\.person.phone))
    for text in delivered.values.joined() {
      self.expect(phones.contains(text.phone.text), "\(text) went to somebody else")
    }
  }
}
