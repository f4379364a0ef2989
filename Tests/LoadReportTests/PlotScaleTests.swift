import Testing

@testable import LoadReport

/// Where values lie on an axis.
struct PlotScaleTests {
  @Test func `an even scale is a straight line`() {
    let scale = PlotScale(0, 60, .even)
    #expect([0, 15, 60, 99, -1].map(scale.position) == [0, 0.25, 1, 1, 0])
  }

  @Test func `on a logarithmic scale each power is as wide as the next`() {
    let scale = PlotScale(1, 10_000, .logarithmic)
    let places = [1, 10, 100, 1_000, 10_000, 0].map(scale.position)
    for (place, expected) in zip(places, [0, 0.25, 0.5, 0.75, 1, 0]) {
      #expect(abs(place - expected) < 1e-12)
    }
  }

  @Test(
    arguments: [
      (850, 4_200, 100.0, 10_000.0), (1, 1, 1, 10), (1_000, 1_000, 1_000, 10_000),
      (999, 1_001, 100, 10_000), (0, 3_600_000_000, 1, 10_000_000_000),
    ] as [(Int64, Int64, Double, Double)])
  func `latencies lie between powers of ten`(
    shortest: Int64, longest: Int64, low: Double, high: Double
  ) {
    let scale = PlotScale.latencies(from: shortest, to: longest)
    #expect(abs(scale.low / low - 1) < 1e-9 && abs(scale.high / high - 1) < 1e-9)
  }

  @Test func `a scale of few powers has lines between them`() {
    #expect(
      PlotScale(100, 10_000, .logarithmic).decades
        == [100, 200, 500, 1_000, 2_000, 5_000, 10_000])
    #expect(PlotScale(1, 1_000, .logarithmic).decades == [1, 10, 100, 1_000])
  }

  @Test(arguments: [0.5, 1.08, 7, 9.9, 10.1, 216, 999, 1_080, 21_600, 1_080_000])
  func `steps are few and round`(high: Double) {
    let steps = PlotScale(0, high, .even).steps
    #expect((3...9).contains(steps.count), "\(steps)")
    #expect(steps.first == 0 && steps.allSatisfy { $0 <= high * 1.000_1 })
  }

  @Test(arguments: [1, 7, 60, 61, 600, 3_600])
  func `seconds go in steps that clocks have`(seconds: Double) {
    let steps = PlotScale(0, seconds, .even).clockSteps
    #expect((2...9).contains(steps.count), "\(steps)")
  }
}
