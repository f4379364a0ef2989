import Testing

@testable import LoadReport

/// Numbers as a reader sees them.
struct FigureTests {
  @Test(arguments: [
    (0, "0"), (7, "7"), (999, "999"), (1_000, "1,000"), (12_345_678, "12,345,678"),
    (-1_234, "-1,234"),
    (Int.min, "-9,223,372,036,854,775,808"),
  ])
  func `counts have their thousands apart`(value: Int, text: String) {
    #expect(Figure.count(value) == text)
  }

  @Test(arguments: [
    (0, "0"), (0.000_01, "0"), (0.012_34, "0.0123"), (0.999_9, "1"), (4.214, "4.21"), (9.999, "10"),
    (50, "50"), (52.34, "52.3"), (99.96, "100"), (199.7, "200"), (1_234.4, "1,234"),
    (-4.25, "-4.25"),
    (-0.000_01, "0"), (Double.infinity, "no number"),
  ])
  func `what was measured has three digits`(value: Double, text: String) {
    #expect(Figure.measured(value) == text)
  }

  @Test(arguments: [
    (0, "0 µs"), (999, "999 µs"), (1_000, "1 ms"), (4_214, "4.21 ms"), (50_000, "50 ms"),
    (999_999, "1,000 ms"), (1_250_000, "1.25 s"), (59_900_000, "59.9 s"), (60_000_000, "1 min"),
    (3_600_000_000, "1 h"),
  ])
  func `latencies have the unit that fits`(us: Int64, text: String) {
    #expect(Figure.latency(us) == text)
  }

  @Test(arguments: [
    (0, "0 s"), (499_999, "0 s"), (500_000, "1 s"), (90_000_000, "1 min 30 s"),
    (600_000_000, "10 min"), (3_605_000_000, "1 h 0 min 5 s"), (-1, "0 s"),
  ])
  func `times are in whole seconds`(us: Int64, text: String) {
    #expect(Figure.duration(us) == text)
  }

  @Test(arguments: [
    (0, "0 B"), (999, "999 B"), (1_000, "1 kB"), (999_600, "1 MB"), (1_234_567, "1.23 MB"),
    (25_769_803_776, "25.8 GB"), (5e15, "5,000 TB"),
  ])
  func `bytes go by the thousand`(value: Double, text: String) {
    #expect(Figure.bytes(value) == text)
  }

  @Test(arguments: [(1, "1"), (1.5, "1.5"), (0.001, "0.001"), (0.000_1, "0"), (1e18, "1e+18")])
  func `plain numbers are what somebody wrote`(value: Double, text: String) {
    #expect(Figure.plain(value) == text)
  }

  @Test func `percentiles are told in words`() {
    #expect(Percentile.p50.inWords == "50 of 100 calls")
    #expect(Percentile.p999.inWords == "999 of 1,000 calls")
    #expect(Percentile.p9999.inWords == "9,999 of 10,000 calls")
  }
}
