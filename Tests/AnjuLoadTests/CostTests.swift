import LoadReport
import Testing

@testable import anju_load

struct CostTests {
  private static let before = MetricsPage(
    """
    # TYPE rpc_server_calls_total counter
    rpc_server_calls_total{method="a.B/C",status="0"} 10
    rpc_server_calls_total{method="a.B/C",status="5"} 2
    anju_store_commits_total 100
    anju_store_checkpoints_total 1
    anju_store_statements_total 1000
    process_cpu_seconds_total 1.5
    anju_process_resident_peak_bytes 1000
    """)
  private static let after = MetricsPage(
    """
    rpc_server_calls_total{method="a.B/C",status="0"} 15
    rpc_server_calls_total{method="a.B/C",status="5"} 3
    rpc_server_calls_total{method="a.B/D",status="0"} 4
    anju_store_commits_total 130
    anju_store_checkpoints_total 3
    anju_store_statements_total 1600
    process_cpu_seconds_total 1.75
    anju_process_resident_peak_bytes 2000
    no number
    """)

  @Test func `a service costs what its metrics rose by`() {
    let cost = ServiceCost(service: "intake", from: Self.before, to: Self.after)
    #expect(cost.callsServed == 10)
    #expect(cost.statements == 600)
    #expect(cost.fsyncs == 34)
    #expect(cost.cpuUs == 250_000)
    #expect(cost.memoryBytesMax == 2_000)
  }

  @Test func `what is not measured is not zero`() {
    let cost = ServiceCost(service: "intake", from: Self.before, to: Self.after)
    #expect(cost.callsMade == nil)
    #expect(cost.rows == nil)
    #expect(cost.writtenBytes == nil)
  }

  @Test func `samples are left out by what their labels hold`() {
    #expect(Self.after.sum("rpc_server_calls_total") == 22)
    #expect(Self.after.sum("rpc_server_calls_total", without: "B/D") == 18)
    #expect(Self.after.sum("nothing") == nil)
  }
}
