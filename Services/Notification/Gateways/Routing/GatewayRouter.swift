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
    self.state = Mutex(self.gateways.mapValues { _ in Standing(failover) })
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
    let well = self.change { standings in
      connected.first { name in standings[name]?.takesNext(now) ?? false }
    }
    guard let name = well ?? connected.first else { return nil }
    names.removeAll { $0 == name }
    return self.gateways[name]
  }

  private func note(_ report: SendReport) {
    let now = self.time.now()
    self.change { standings in standings[report.gateway]?.note(report, now) }
  }

  private func note(_ news: [GatewayNews]) {
    let now = self.time.now()
    self.change { standings in
      for case .receipt(let receipt) in news where receipt.state != .underWay {
        standings[receipt.gateway]?.came(receipt.providerID, now)
      }
    }
  }

  /// Changes where gateways stand, in place: a copy of what is watched for each message would cost
  /// more than the message. Then the log is told of what is new.
  @discardableResult
  private func change<Value: Sendable>(
    _ body: (inout [String: Standing]) -> Value
  ) -> Value {
    let (value, news) = self.state.withLock { standings in
      let value = body(&standings)
      var news: [(name: String, state: GatewayHealth.State)] = []
      for name in self.gateways.keys {
        if let state = standings[name]?.takeNews() { news.append((name, state)) }
      }
      return (value, news)
    }
    for (name, state) in news {
      self.logger.warning(
        state.isHealthy ? "gateway: traffic is back" : "gateway: traffic leaves",
        metadata: ["gateway": "\(name)", "standing": "\(state)"])
    }
    return value
  }
}

extension GatewayHealth.State {
  fileprivate var isHealthy: Bool { self == .healthy }
}

/// Where one gateway stands: what is heard of it in, whether it gets traffic out.
private struct Standing: Sendable {
  private var health: GatewayHealth
  private var watch: ReceiptWatch
  /// The state that the log was told of last.
  private var told = GatewayHealth.State.healthy

  init(_ failover: FailoverSettings) {
    self.health = GatewayHealth(failover)
    self.watch = ReceiptWatch(receiptMs: failover.receiptMs)
  }

  /// Whether it gets the next message.
  mutating func takesNext(_ now: Timestamp) -> Bool {
    self.judge(now)
    return self.health.takesNext(now)
  }

  /// A send is over.
  mutating func note(_ report: SendReport, _ now: Timestamp) {
    switch report.outcome {
    case .delivered: self.health.sent(now)
    case .submitted:
      self.health.sent(now)
      if let first = report.providerIDs.first ?? nil, let isLate = self.watch.sent(first, now) {
        self.health.receipt(isLate: isLate, now)
      }
    case .refused(code: "GATEWAY_DOWN", _): break
    case .refused, .unknown: self.health.failed(now)
    }
    self.judge(now)
  }

  /// A receipt came.
  mutating func came(_ providerID: String, _ now: Timestamp) {
    guard let isLate = self.watch.came(providerID) else { return }
    self.health.receipt(isLate: isLate, now)
    self.judge(now)
  }

  /// What the log has not been told of yet: that traffic leaves, or is back.
  mutating func takeNews() -> GatewayHealth.State? {
    let state = self.health.state
    guard state != self.told else { return nil }
    defer { self.told = state }
    // What is still expected from before says nothing about a trial.
    if case .away = state { self.watch.forgetAll() }
    return state.isHealthy != self.told.isHealthy ? state : nil
  }

  /// Counts what has become late.
  private mutating func judge(_ now: Timestamp) {
    for _ in 0..<self.watch.becameLate(now) { self.health.receipt(isLate: true, now) }
  }
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
