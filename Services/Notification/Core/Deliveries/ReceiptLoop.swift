import DomainModel
import NotificationGateways

/// Keeps the gateway's connections, and what comes by them.
struct ReceiptLoop: Sendable {
  let gateway: any MessageGateway
  let keeper: LedgerKeeper
  let time: any TimeSource

  /// How long it rests at a time once a gateway has nothing to keep, in milliseconds.
  private static let restMs: Int64 = 3_600_000

  /// Runs until the task is cancelled.
  func run() async throws {
    try await self.gateway.run(self.keeper)
    while true { try await self.time.sleep(milliseconds: Self.restMs) }
  }
}
