internal import RPC

/// What the admin port answers: pages for a machine that watches the service.
struct AdminPages: Sendable {
  /// One answer.
  struct Page: Hashable, Sendable {
    var status: Int
    var type: String
    var body: String
  }

  let service: ServiceName
  let health: HealthRegistry
  let metrics: MetricsRegistry

  /// The page of a path.
  func page(for path: String) async -> Page {
    switch path.prefix(while: { $0 != "?" }) {
    case "/metrics":
      return Page(
        status: 200, type: "text/plain; version=0.0.4; charset=utf-8",
        body: self.metrics.page() + ProcessNumbers.page())
    case "/healthz":
      return await self.healthPage()
    case "/readyz":
      let isServing = self.health.isServing
      return Page(
        status: isServing ? 200 : 503, type: "text/plain; charset=utf-8",
        body: isServing ? "serving\n" : "not serving\n")
    default:
      return Page(
        status: 404, type: "text/plain; charset=utf-8", body: "/metrics /healthz /readyz\n")
    }
  }

  /// 200 with every dependency well, else 503; one member a dependency either way.
  private func healthPage() async -> Page {
    let findings = await self.health.look()
    let isWell = findings.allSatisfy { $0.problem == nil }
    let fields = findings.map { ($0.name, $0.problem ?? "ok") }
    return Page(
      status: isWell ? 200 : 503, type: "application/json",
      body: JSONText.object([("service", self.service.rawValue)] + fields) + "\n")
  }
}
