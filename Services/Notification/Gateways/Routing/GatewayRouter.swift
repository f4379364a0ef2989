package import DomainModel
package import Logging
import Synchronization

/// Several gateways as one: each number goes to the preferred one that is well. Traffic leaves a
/// gateway that is not connected at once, and one whose sends fail or whose receipts are late by
/// `FailoverSettings`; it comes back after a trial.
///
/// Within one send the next gateway is asked only where nothing was handed over. A send without an
/// answer stays with its gateway: the provider may have the message.
package final class GatewayRouter: MessageGateway {
  /// Its own name; reports bear that of the gateway that was chosen.
  package let name: String
  private let gateways: [String: any RoutedGateway]
  private let routes: GatewayRoutes
  private let time: any TimeSource
  private let logger: Logger
  private let state: Mutex<[String: Standing]>

  private struct Standing: Sendable {
    var health: GatewayHealth
    var watch: ReceiptWatch
    /// The state that the log was told of last.
    var told = GatewayHealth.State.healthy
  }

  /// A router; each name in `routes` is that of a gateway.
  package init(
    _ gateways: [any RoutedGateway], _ routes: GatewayRoutes, _ failover: FailoverSettings,
    name: String = "router", time: any TimeSource, logger: Logger
  ) {
    self.name = name
    self.gateways = Dictionary(gateways.map { ($0.name, $0) }) { first, _ in first }
    self.routes = routes
    self.time = time
    self.logger = logger
    self.state = Mutex(
      self.gateways.mapValues { _ in
        Standing(
          health: GatewayHealth(failover), watch: ReceiptWatch(receiptMs: failover.receiptMs))
      })
  }

  /// The longest that all gateways of one number take, one after another.
  package var sendMsMax: Int64 {
    let sums = self.routes.routes.map { route in
      route.gateways.reduce(0) { $0 + (self.gateways[$1]?.sendMsMax ?? 0) }
    }
    return sums.max() ?? 0
  }

  /// Hands the message to the first gateway that takes it.
  package func send(_ message: OutgoingMessage) async -> SendReport {
    let names = self.routes.gateways(for: message.phone)
    var last = SendReport(
      gateway: self.name,
      .refused(code: names.isEmpty ? "NO_ROUTE" : "GATEWAY_DOWN", .forNow(retryAfterMs: nil)))
    var left = names
    while let gateway = self.choose(&left) {
      last = await gateway.send(message)
      self.note(last)
      guard case .refused(_, .forNow) = last.outcome else { return last }
    }
    return last
  }

  /// Runs every gateway.
  package func run(_ keeper: any ReceiptKeeper) async throws {
    let watching = WatchingKeeper(keeper: keeper) { self.note($0) }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for gateway in self.gateways.values { group.addTask { try await gateway.run(watching) } }
      try await group.waitForAll()
    }
  }

  /// The next gateway to be asked, which leaves the list: one that is well, else one that is
  /// connected at least.
  private func choose(_ names: inout [String]) -> (any RoutedGateway)? {
    let now = self.time.now()
    let connected = names.filter { self.gateways[$0]?.isConnected == true }
    let well = self.state.withLock { standings in
      connected.first { name in
        self.judge(name, &standings, now)
        return standings[name]?.health.takesNext(now) ?? false
      }
    }
    guard let name = well ?? connected.first else { return nil }
    names.removeAll { $0 == name }
    return self.gateways[name]
  }

  private func note(_ report: SendReport) {
    let now = self.time.now()
    self.state.withLock { standings in
      switch report.outcome {
      case .delivered: standings[report.gateway]?.health.sent(now)
      case .submitted:
        standings[report.gateway]?.health.sent(now)
        let first = report.providerIDs.first ?? nil
        if let first, let isLate = standings[report.gateway]?.watch.sent(first, now) {
          standings[report.gateway]?.health.receipt(isLate: isLate, now)
        }
      case .refused(code: "GATEWAY_DOWN", _): break
      case .refused, .unknown: standings[report.gateway]?.health.failed(now)
      }
      self.judge(report.gateway, &standings, now)
    }
  }

  private func note(_ news: [GatewayNews]) {
    let now = self.time.now()
    self.state.withLock { standings in
      for case .receipt(let receipt) in news where receipt.state != .underWay {
        guard let isLate = standings[receipt.gateway]?.watch.came(receipt.providerID) else {
          continue
        }
        standings[receipt.gateway]?.health.receipt(isLate: isLate, now)
        self.judge(receipt.gateway, &standings, now)
      }
    }
  }

  /// Counts what has become late, and tells the log of a change.
  private func judge(_ name: String, _ standings: inout [String: Standing], _ now: Timestamp) {
    guard var standing = standings[name] else { return }
    for _ in 0..<standing.watch.becameLate(now) { standing.health.receipt(isLate: true, now) }
    let state = standing.health.state
    // What is still expected from before says nothing about a trial.
    if case .away = state, state != standing.told { standing.watch.forgetAll() }
    if state.isHealthy != standing.told.isHealthy {
      self.logger.warning(
        state.isHealthy ? "gateway: traffic is back" : "gateway: traffic leaves",
        metadata: ["gateway": "\(name)", "standing": "\(state)"])
    }
    standing.told = state
    standings[name] = standing
  }
}

extension GatewayHealth.State {
  fileprivate var isHealthy: Bool { self == .healthy }
}

/// Looks at what goes by.
private struct WatchingKeeper: ReceiptKeeper {
  let keeper: any ReceiptKeeper
  let look: @Sendable ([GatewayNews]) -> Void

  func keep(_ news: [GatewayNews]) async throws {
    self.look(news)
    try await self.keeper.keep(news)
  }
}
