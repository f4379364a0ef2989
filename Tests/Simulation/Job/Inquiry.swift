import DomainModel
import NotificationGateways
import RPC
import Storage
import TestSupport
import Wire

/// Looks, once all is calm, whether anything was lost or happened twice: what the kill test asks of
/// the real processes, and what every answer that was given had promised.
struct Inquiry: Sendable {
  /// How long what is owed may take to be delivered once nothing goes wrong any more, in
  /// milliseconds: longer than the longest waits between two tries of an outbox (30 s) and of the
  /// gateway (10 min).
  static let settlingMsMax: Int64 = 1_800_000
  private static let lookMs: Int64 = 500
  private static let pageSize: Int32 = 500

  let world: SimulatedWorld
  let walks: [Walk.Acknowledged]

  private var auditor: Client {
    Client(
      world: self.world, caller: Caller(kind: .auditor, id: "auditor1"),
      chance: Chance(seed: self.world.seed, of: "auditor"))
  }

  func run() async {
    do {
      guard try await self.settle() else { return }
      try await self.checkPermits()
      for walk in self.walks {
        try await self.checkApplication(walk)
        try await self.checkCase(walk)
        try await self.checkTexts(walk)
      }
    } catch {
      self.world.violated("the inquiry failed: \(error)")
    }
  }

  private func expect(_ holds: Bool, _ what: @autoclosure () -> String) {
    if !holds { self.world.violated(what()) }
  }

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
    var owed: [String] = []
    for name in ServiceName.allCases {
      guard let serving = self.world.serving(name) else {
        owed.append("\(name) is away")
        continue
      }
      let sql: SQL =
        name == .notification
        ? "SELECT COUNT(*) AS n FROM message WHERE state = 'queued'"
        : "SELECT COUNT(*) AS n FROM outbox"
      let count = try await serving.store.read { try $0.row(sql)?.int("n") ?? 0 }
      if count > 0 { owed.append("\(name) owes \(count)") }
    }
    return owed
  }

  private func checkPermits() async throws {
    let auditor = self.auditor
    let permits = try await auditor.call {
      try await auditor.registry.findPermits(
        .init(page: .init(size: Self.pageSize)), options: auditor.options
      ).permits
    }
    let told = Dictionary(grouping: permits, by: \.applicationID)
    for walk in self.walks {
      let found = told[walk.applicationID, default: []].map(\.certificateIdentifier)
      self.expect(
        found == [walk.certificate],
        "\(walk.applicationID) was told of permit \(walk.certificate); there are \(found)")
    }
    self.expect(
      permits.count == self.walks.count, "\(self.walks.count) walks led to \(permits.count) permits"
    )
  }

  private func checkApplication(_ walk: Walk.Acknowledged) async throws {
    let auditor = self.auditor
    let application = try await auditor.call {
      try await auditor.intake.getApplication(
        .init(key: .applicationID(walk.applicationID)), options: auditor.options
      ).application
    }
    self.expect(
      application?.state == .completed
        && application?.receipt?.applicationNumber == walk.applicationNumber
        && application?.completion?.certificateIdentifier == walk.certificate
        && application?.materials.count == 3,
      "\(walk.applicationID) is not what was acknowledged: \(String(describing: application))")
  }

  /// Three officers signed once each, and the registry answered once.
  private func checkCase(_ walk: Walk.Acknowledged) async throws {
    let auditor = self.auditor
    let found = try await auditor.call {
      try await auditor.approval.getCase(
        .init(key: .applicationID(walk.applicationID)), options: auditor.options
      ).case
    }
    self.expect(
      found?.caseID == walk.caseID, "\(walk.applicationID) has another case: \(walk.caseID)")
    self.expect(
      found?.opinions.map(\.stage) == [.accept, .review, .approve],
      "\(walk.caseID) has opinions of \(found?.opinions.map(\.stage) ?? [])")
    let events = try await auditor.call {
      try await auditor.approval.getCaseHistory(
        .init(caseID: walk.caseID), options: auditor.options
      ).events
    }
    let actions = events.map(\.action)
    self.expect(
      Set(actions).count == actions.count, "\(walk.caseID) was done something twice: \(actions)")
  }

  /// Each text about the application was delivered, once.
  private func checkTexts(_ walk: Walk.Acknowledged) async throws {
    let auditor = self.auditor
    let messages = try await auditor.call {
      try await auditor.notification.listMessages(
        .init(reference: walk.applicationID, page: .init(size: Self.pageSize)),
        options: auditor.options
      ).messages
    }
    let templates = messages.map(\.templateID).sorted()
    self.expect(
      templates == ["application_accepted", "application_received", "permit_issued"],
      "\(walk.applicationID) has texts \(templates)")
    let delivered = self.world.gateway.delivered
    for message in messages {
      self.expect(
        message.state == .delivered && delivered[message.messageID] != nil,
        "\(message.messageID) is \(message.state)")
    }
    let texts = delivered.values.filter { $0.phone.text == walk.person.phone }
    self.expect(
      texts.count == messages.count,
      "\(walk.person.phone) was sent \(texts.count) texts, of \(messages.count)")
  }
}
