import DomainModel
import Logging
import Metrics
import RPC
import ServiceKit
import TestSupport
import Testing
import Transport

/// What a server and a client count of their calls, on the page that an operator reads.
@Suite struct CallMetricsTests {
  /// The process's metrics, bootstrapped once.
  private static let registry: MetricsRegistry = {
    let registry = MetricsRegistry()
    MetricsSystem.bootstrap(registry)
    return registry
  }()

  /// The value of one line of the page.
  private static func value(_ name: String, _ labels: String) -> Int? {
    let head = "rpc_\(name){\(labels)} "
    let line = Self.registry.page().split(separator: "\n").first { $0.hasPrefix(head) }
    return line.flatMap { Int($0.dropFirst(head.count)) }
  }

  private static func values(_ role: String, _ labels: String) -> [Int?] {
    [
      "calls_total", "duration_seconds_count", "received_bytes_total", "sent_bytes_total",
      "received_messages_total", "sent_messages_total",
    ].map { Self.value("\(role)_\($0)", labels) }
  }

  @Test func `both roles count calls, time, messages and bytes by method and status`()
    async throws
  {
    _ = Self.registry
    let method = Method(service: "test.Counted", name: "Twice", kind: .unary)
    var access = AccessTable()
    access.allow(method, .anyone)
    let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    var router = RPCRouter(identity: nil, access: access, logger: quiet)
    router.unary(method) { (request: RawMessage, _) -> RawMessage in
      if request.text == "fail" { throw ServiceError(code: .aborted, message: "") }
      return RawMessage(request.bytes + request.bytes)
    }
    let server = GRPCServer(
      configuration: ServerConfiguration(port: 0, clock: FakeClock()), router: router,
      logger: quiet)
    let port = try await server.start()
    let channel = GRPCClientChannel(
      ClientConfiguration(host: "127.0.0.1", port: port, random: SeededRandom()))
    for text in ["abc", "abcd", "fail"] {
      let _: RawMessage? = try? await channel.unary(method, RawMessage(text))
    }
    await channel.close()
    await server.drain(within: 1_000)

    let ok = "method=\"test.Counted/Twice\",status=\"0\""
    let aborted = "method=\"test.Counted/Twice\",status=\"10\""
    #expect(Self.values("server", ok) == [2, 2, 7, 14, 2, 2])
    #expect(Self.values("client", ok) == [2, 2, 14, 7, 2, 2])
    #expect(Self.values("server", aborted) == [1, 1, 4, 0, 1, 0])
    #expect(Self.values("client", aborted) == [1, 1, 0, 4, 0, 1])
    for role in ["server", "client"] {
      #expect(Self.value("\(role)_in_flight", "method=\"test.Counted/Twice\"") == 0)
    }
  }
}
