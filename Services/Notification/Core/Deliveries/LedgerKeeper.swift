import DomainModel
import Logging
import NotificationGateways

/// Makes durable what providers say of messages after they were sent.
struct LedgerKeeper: ReceiptKeeper {
  let store: NotificationStore
  let retries: RetrySchedule
  let random: any RandomSource

  /// How many pieces of news one transaction holds at most.
  static let newsMax = 200

  func keep(_ news: [GatewayNews]) async throws {
    var rest = news[...]
    while !rest.isEmpty {
      try await self.store.keep(
        Array(rest.prefix(Self.newsMax)), self.retries, jitter: self.random.jitter())
      rest = rest.dropFirst(Self.newsMax)
    }
  }
}
