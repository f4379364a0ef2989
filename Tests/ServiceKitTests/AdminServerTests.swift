import Metrics
import RPC
import ServiceKit
import TestSupport
import Testing

/// A running admin server over fresh parts, and what to ask it.
private struct Bench {
  let health = HealthRegistry(clock: FakeClock())
  let metrics = MetricsRegistry()

  /// Runs `body` against a server on a free port of the loopback.
  func run(_ body: @Sendable @escaping (PeerAddress) async throws -> Void) async throws {
    let (listening, told) = AsyncStream<PeerAddress>.makeStream()
    let server = AdminServer(
      service: .intake, address: PeerAddress(host: "127.0.0.1", port: 0), health: self.health,
      metrics: self.metrics, onListening: { told.yield($0) })
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await server.run() }
      var addresses = listening.makeAsyncIterator()
      let address = try #require(await addresses.next())
      try await body(address)
      group.cancelAll()
    }
  }
}

@Suite(.timeLimit(.minutes(10)))
struct AdminServerTests {
  @Test func `ready is said only while the process serves`() async throws {
    let bench = Bench()
    try await bench.run { address in
      let before = try await get(address, "/readyz")
      #expect(before.hasPrefix("HTTP/1.1 503 "))
      bench.health.beginServing()
      let after = try await get(address, "/readyz")
      #expect(after.hasPrefix("HTTP/1.1 200 "))
    }
  }

  @Test func `health tells each dependency`() async throws {
    let bench = Bench()
    bench.health.addCheck("store") {}
    try await bench.run { address in
      let well = try await get(address, "/healthz")
      #expect(well.hasPrefix("HTTP/1.1 200 "))
      #expect(well.hasSuffix("{\"service\":\"intake\",\"store\":\"ok\"}\n"))
      bench.health.addCheck("approval") { throw CancellationError() }
      let unwell = try await get(address, "/healthz")
      #expect(unwell.hasPrefix("HTTP/1.1 503 "))
    }
  }

  @Test func `metrics are served as text`() async throws {
    let bench = Bench()
    Counter(label: "calls", dimensions: [], factory: bench.metrics).increment()
    try await bench.run { address in
      let page = try await get(address, "/metrics?x=1")
      #expect(page.contains("text/plain; version=0.0.4"))
      #expect(page.contains("\ncalls_total 1\n"))
      #expect(page.contains("\nprocess_resident_memory_bytes "))
    }
  }

  /// What is sent, and how the answer begins; nothing ends the server.
  static let bad = [
    ("GET /secret HTTP/1.1\r\nHost: x\r\n\r\n", "HTTP/1.1 404 "),
    ("POST /metrics HTTP/1.1\r\nHost: x\r\ncontent-length: 3\r\n\r\nabc", "HTTP/1.1 405 "),
    ("\u{1}\u{2}\r\n\r\n", "HTTP/1.1 400 "),
  ]

  @Test(arguments: bad)
  func `what is no request for a page is refused`(request: String, start: String) async throws {
    let bench = Bench()
    try await bench.run { address in
      let answer = try await ask(address, request)
      #expect(answer.hasPrefix(start))
      let next = try await get(address, "/readyz")
      #expect(next.hasPrefix("HTTP/1.1 503 "))
    }
  }
}
