import LoadReport
import Testing
import Transport

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

struct SaturationTests {
  @Test func `processors are busy where they neither idle nor wait`() throws {
    let stat = "cpu  100 5 20 800 50 10 10 5 7 0\ncpu0 1 2 3\n"
    let read = try #require(ProcessorTime(stat: stat, ownUs: 3))
    #expect(read.ticks == 1_000 && read.busyTicks == 150 && read.ownUs == 3)
    for text in ["", "cpu0 1 2 3 4 5 6 7 8", "cpu  1 2 3", "cpu  a b c d e f g h"] {
      #expect(ProcessorTime(stat: text, ownUs: 0) == nil)
    }
    #expect(try #require(ProcessorTime.now).ticks > 0)
  }

  @Test func `the fullest is told first, with whose use it was`() {
    let found = Saturation([
      .init(name: "the writer of intake's store", share: 0.614),
      .init(name: "this machine's 2 processors", share: 0.987, beside: "intake 31 %"),
      .init(name: "the writer of approval's store", share: 0.5),
    ])
    #expect(
      found.sentence
        == "Nearest to its end: this machine's 2 processors, 99 % busy (intake 31 %); "
        + "next the writer of intake's store, 61 %.")
    #expect(
      Saturation([.init(name: "a", share: 1.2)]).sentence == "Nearest to its end: a, 100 % busy.")
    #expect(Saturation([]).sentence == nil)
  }

  @Test func `a writer's time is what its metric rose by`() {
    let ports = ["intake", "approval"].map {
      AdminPort(
        service: $0, address: ServerAddress(host: "127.0.0.1", port: 1), isLoopbackOnly: true)
    }
    let meter = CostMeter(ports: ports, folder: nil)
    func reading(_ busyMs: Int) -> CostMeter.Reading {
      CostMeter.Reading(
        pages: [
          MetricsPage("anju_store_writer_busy_ms_total \(busyMs)\nprocess_cpu_seconds_total 0.5"),
          MetricsPage(""),
        ], stored: [nil, nil])
    }
    let begin = SaturationMark(costs: reading(100), processors: nil, atUs: 0)
    let end = SaturationMark(costs: reading(850), processors: nil, atUs: 1_000_000)
    #expect(
      meter.saturation(from: begin, to: end)
        == Saturation([.init(name: "the writer of intake's store", share: 0.75)]))
    #expect(meter.saturation(from: end, to: end).parts.isEmpty)
  }
}
