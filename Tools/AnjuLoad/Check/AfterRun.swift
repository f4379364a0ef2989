import LoadReport
import RPC
import Reconciliation
import ToolKit
import Wire

/// Looks after a run whether everything is as it must be.
struct AfterRun: Sendable {
  /// How long the services may take to send what they owe one another, in µs.
  private static let settleUsMax: Int64 = 120_000_000
  /// How often they are asked.
  private static let pause = Duration.milliseconds(20)
  /// For how long a difference may be work on its way, such as a receipt, in µs.
  private static let differenceUsMax: Int64 = 10_000_000

  let services: Services

  /// Waits until no outbox has work; returns how many milliseconds after the last call had ended
  /// that was, nil if never.
  func settle(since ended: Stopwatch) async throws -> Int64? {
    try await Self.settle(since: ended) {
      try await self.outboxes().reduce(0) { $0 + $1.waiting }
    }
  }

  /// The same of what `waiting` counts. The outboxes are asked one after the other, and work that
  /// went from one to another meanwhile was in neither: so all must have none twice in a row.
  static func settle(
    since ended: Stopwatch, _ waiting: () async throws -> Int
  ) async throws -> Int64? {
    var idleSince: Int64?
    while ended.nowUs < Self.settleUsMax {
      if try await waiting() > 0 {
        idleSince = nil
      } else if let idleSince {
        return idleSince
      } else {
        idleSince = ended.nowUs / 1_000
      }
      try await Task.sleep(for: Self.pause)
    }
    return nil
  }

  /// Reads all that the stores hold and judges it.
  func invariants(backlogMs: Int64?) async throws -> [InvariantCheck] {
    let parked = try await self.outboxes().map { ($0.service, $0.parked) }
    var stores = try await self.stores()
    let watch = Stopwatch()
    while !stores.differences().isEmpty, watch.nowUs < Self.differenceUsMax {
      try await Task.sleep(for: .seconds(1))
      stores = try await self.stores()
    }
    return Invariants(stores: stores, parked: parked, backlogMs: backlogMs).checks
  }

  private func outboxes() async throws -> [(service: String, waiting: Int, parked: Int)] {
    var found: [(service: String, waiting: Int, parked: Int)] = []
    for (name, channel) in self.services.channels {
      let client = OperationsV1.OperationsServiceClient(channel)
      let answer = try await client.listParkedMessages(
        .init(limit: 1), options: self.services.options(as: .auditor))
      found.append((name, Int(answer.waiting), Int(answer.parked)))
    }
    return found
  }

  private func stores() async throws -> Reconciliation {
    async let applications = self.services.everyApplication()
    async let cases = self.services.everyCase()
    async let permits = self.services.everyPermit()
    async let messages = self.services.everyMessage()
    return try await Reconciliation(
      applications: applications, cases: cases, permits: permits, messages: messages)
  }
}
