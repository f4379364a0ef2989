import DomainModel
import NotificationGateways
import SMSC
import TestSupport
import Testing

/// Several gateways: who carries what, and what happens when one is away, fails or is slow.
struct GatewayRouterTests {
  private static func router(
    _ carriers: [Carrier], _ failover: FailoverSettings, _ clock: FakeClock
  ) -> GatewayRouter {
    let names = carriers.map(\.gateway.name)
    return GatewayRouter(
      carriers.map(\.gateway),
      GatewayRoutes([
        .init(prefix: "", gateways: names), .init(prefix: "189", gateways: [names[1]]),
      ]), failover, time: clock, logger: Carrier.logger)
  }

  private static let quick: FailoverSettings = {
    var failover = FailoverSettings()
    failover.errorsMax = 3
    failover.receiptMs = 300
    failover.receiptsJudged = 4
    failover.lateMax = 2
    failover.returnMs = 300
    return failover
  }()

  /// Carriers on real connections, and a router whose clock the test moves: what it judges by must
  /// not depend on how busy the machine is.
  private static func run(
    _ carriers: [Carrier], _ failover: FailoverSettings = Self.quick,
    _ body: @escaping @Sendable (GatewayRouter, FakeClock) async throws -> Void
  ) async throws {
    let clock = FakeClock()
    let router = Self.router(carriers, failover, clock)
    try await Carrier.run(router, Notebook()) {
      try await eventually { carriers.allSatisfy(\.gateway.isConnected) }
      try await body(router, clock)
    }
    for carrier in carriers { try await carrier.server.stop() }
  }

  private static func send(
    _ router: GatewayRouter, _ count: Int, phone: String = "13800138000"
  ) async -> [String: Int] {
    var carried: [String: Int] = [:]
    for index in 0..<count {
      let report = await router.send(.sample("M\(index)", phone: phone, text: "第\(index)条"))
      if report.outcome == .submitted { carried[report.gateway, default: 0] += 1 }
    }
    return carried
  }

  @Test func `a number goes where its prefix leads, and others to the preferred gateway`()
    async throws
  {
    let carriers = [try await Carrier(.cmpp), try await Carrier(.smpp, name: "telecom")]
    try await Self.run(carriers) { router, _ in
      #expect(await Self.send(router, 5) == ["mobile": 5])
      #expect(await Self.send(router, 5, phone: "18900138000") == ["telecom": 5])
    }
  }

  @Test func `traffic leaves a gateway that fails, within the same send, and comes back`()
    async throws
  {
    let carriers = [
      try await Carrier(.smpp, script: "1-3 answer=error:8"),
      try await Carrier(.smpp, name: "telecom"),
    ]
    try await Self.run(carriers) { router, clock in
      #expect(await Self.send(router, 10) == ["telecom": 10])
      #expect(carriers[0].board.submits == 3, "not asked any more after three errors")
      clock.advance(milliseconds: 350)
      #expect(await Self.send(router, 10) == ["mobile": 10])
    }
  }

  @Test func `traffic leaves a gateway whose receipts are late, and comes back`() async throws {
    let carriers = [
      try await Carrier(.smpp, script: "1-8 receipt=none"),
      try await Carrier(.smpp, name: "telecom"),
    ]
    var failover = Self.quick
    failover.trialsMax = 1
    try await Self.run(carriers, failover) { router, clock in
      #expect(await Self.send(router, 8) == ["mobile": 8])
      clock.advance(milliseconds: 320)
      #expect(await Self.send(router, 4) == ["telecom": 4])
      clock.advance(milliseconds: 320)
      // One on trial; when its receipt is there, all come back.
      #expect(await Self.send(router, 1) == ["mobile": 1])
      try await eventually { carriers[0].board.receiptsTaken >= 1 }
      #expect(await Self.send(router, 4) == ["mobile": 4])
    }
  }

  @Test func `what was never answered goes to no other gateway by itself`() async throws {
    var limits = CarrierLimits.smpp
    limits.answerMs = 200
    let carriers = [
      try await Carrier(.smpp, script: "1 answer=none", limits: limits),
      try await Carrier(.smpp, name: "telecom"),
    ]
    try await Self.run(carriers) { router, _ in
      let report = await router.send(.sample("M1", text: "一"))
      #expect(report.gateway == "mobile" && report.outcome == .unknown(code: "NO_ANSWER"))
      #expect(carriers[1].board.submits == 0)
    }
  }

  @Test func `where nobody is connected the message is refused for now`() async throws {
    let carriers = [try await Carrier(.smpp), try await Carrier(.smpp, name: "telecom")]
    let report = await Self.router(carriers, Self.quick, FakeClock()).send(.sample("M1", text: "一"))
    #expect(report.outcome == .refused(code: "GATEWAY_DOWN", .forNow(retryAfterMs: nil)))
  }
}
