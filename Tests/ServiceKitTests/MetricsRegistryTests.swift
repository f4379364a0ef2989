import Metrics
import Testing

@testable import ServiceKit

struct MetricsRegistryTests {
  @Test func `a counter counts and is called total`() {
    let metrics = MetricsRegistry()
    let counter = Counter(
      label: "rpc.calls", dimensions: [("status", "OK"), ("method", "A\"b")], factory: metrics)
    counter.increment()
    counter.increment(by: 2)
    #expect(
      metrics.page() == """
        # TYPE rpc_calls_total counter
        rpc_calls_total{method="A\\"b",status="OK"} 3

        """)
  }

  @Test func `the same labels are the same series`() {
    let metrics = MetricsRegistry()
    Counter(label: "a", dimensions: [("x", "1")], factory: metrics).increment()
    Counter(label: "a", dimensions: [("x", "1")], factory: metrics).increment()
    #expect(metrics.page().contains("a_total{x=\"1\"} 2\n"))
  }

  @Test func `a timer is a histogram in seconds`() {
    let metrics = MetricsRegistry()
    let timer = Timer(label: "commit", dimensions: [], factory: metrics)
    timer.recordNanoseconds(3_000_000)
    timer.recordNanoseconds(20_000_000_000)
    let page = metrics.page()
    #expect(page.contains("commit_seconds_bucket{le=\"0.0025\"} 0\n"))
    #expect(page.contains("commit_seconds_bucket{le=\"0.005\"} 1\n"))
    #expect(page.contains("commit_seconds_bucket{le=\"10\"} 1\n"))
    #expect(page.contains("commit_seconds_bucket{le=\"+Inf\"} 2\n"))
    #expect(page.contains("commit_seconds_sum 20.003\n"))
    #expect(page.contains("commit_seconds_count 2\n"))
  }

  @Test func `a gauge holds the last value and a meter moves`() {
    let metrics = MetricsRegistry()
    Gauge(label: "queue", dimensions: [], factory: metrics).record(4.5)
    let meter = Meter(label: "open", dimensions: [], factory: metrics)
    meter.set(5)
    meter.decrement()
    #expect(metrics.page().contains("queue 4.5\n"))
    #expect(metrics.page().contains("open 4\n"))
  }

  @Test func `labels that somebody fills with ids are bounded`() {
    let metrics = MetricsRegistry()
    for index in 0..<2000 {
      Counter(label: "a", dimensions: [("id", "\(index)")], factory: metrics).increment()
    }
    let lines = metrics.page().split(separator: "\n")
    #expect(lines.count == 1 + MetricsRegistry.seriesPerMetricMax + 1)
    let rest = 2000 - MetricsRegistry.seriesPerMetricMax
    #expect(lines.contains("a_total{overflow=\"true\"} \(rest)"))
  }

  @Test func `a metric too many is not kept`() {
    let metrics = MetricsRegistry()
    for index in 0..<(MetricsRegistry.metricsMax + 5) {
      Counter(label: "m\(index)", dimensions: [], factory: metrics).increment()
    }
    #expect(metrics.page().split(separator: "\n").count == 2 * MetricsRegistry.metricsMax)
  }

  @Test func `the system's numbers are there`() {
    #expect(ProcessNumbers.residentBytes() > 1 << 20)
    let page = ProcessNumbers.page()
    for name in [
      "process_resident_memory_bytes ", "anju_process_resident_peak_bytes ",
      "anju_process_written_bytes_total ",
    ] {
      #expect(page.contains(name))
    }
  }
}
