public import Metrics
internal import Synchronization

/// Keeps a process's metrics in memory and renders them in Prometheus' text format.
///
/// The numbers of metrics and of label sets are bounded: what exceeds `seriesPerMetricMax` is
/// counted together under `overflow="true"`, so that a label somebody fills with ids cannot eat the
/// memory. A series lives as long as the process; `destroy` keeps it, because a counter that
/// vanishes reads as a restart.
public final class MetricsRegistry: MetricsFactory {
  /// How many metrics there may be; later ones are not kept.
  public static let metricsMax = 256
  /// How many label sets one metric may have: some dozens of methods with 17 statuses each.
  public static let seriesPerMetricMax = 1024

  /// Upper bounds of a timer's buckets, in seconds: half a millisecond to ten seconds.
  static let timerBounds = [
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
  ]
  /// Upper bounds of a recorder's buckets: powers of four, for sizes and counts.
  static let recorderBounds: [Double] = [1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262_144]

  private enum Kind: String { case counter, gauge, histogram }

  private struct Metric {
    var kind: Kind
    var series: [Labels: any Series] = [:]
  }

  private let metrics = Mutex<[String: Metric]>([:])

  /// No metrics yet.
  public init() {}

  /// The counter of that name and those labels; shown as `..._total`.
  public func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
    let name = Self.name(label, suffix: "_total")
    return self.series(name, .counter, dimensions) { CounterSeries() }
  }

  /// The gauge of that name and those labels.
  public func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
    self.series(Self.name(label), .gauge, dimensions) { GaugeSeries() }
  }

  /// A histogram of values, or the last one only if they are not aggregated.
  public func makeRecorder(
    label: String, dimensions: [(String, String)], aggregate: Bool
  ) -> any RecorderHandler {
    guard aggregate else {
      return self.series(Self.name(label), .gauge, dimensions) { GaugeSeries() }
    }
    return self.series(Self.name(label), .histogram, dimensions) {
      HistogramSeries(bounds: Self.recorderBounds)
    }
  }

  /// A histogram of durations; shown as `..._seconds`.
  public func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
    self.series(Self.name(label, suffix: "_seconds"), .histogram, dimensions) {
      HistogramSeries(bounds: Self.timerBounds)
    }
  }

  /// Keeps the series.
  public func destroyCounter(_ handler: any CounterHandler) {}

  /// Keeps the series.
  public func destroyMeter(_ handler: any MeterHandler) {}

  /// Keeps the series.
  public func destroyRecorder(_ handler: any RecorderHandler) {}

  /// Keeps the series.
  public func destroyTimer(_ handler: any TimerHandler) {}

  /// Every metric in Prometheus' text format 0.0.4, in the order of names.
  public func page() -> String {
    let metrics = self.metrics.withLock { $0 }
    var page = ""
    for (name, metric) in metrics.sorted(by: { $0.key < $1.key }) {
      page += "# TYPE \(name) \(metric.kind.rawValue)\n"
      for (labels, series) in metric.series.sorted(by: { $0.key < $1.key }) {
        series.render(name: name, labels: labels, into: &page)
      }
    }
    return page
  }

  /// The series of that name and those labels, made on first use. What does not fit gets a series
  /// that works and is not shown.
  private func series<Kept: Series>(
    _ name: String, _ kind: Kind, _ dimensions: [(String, String)], make: () -> Kept
  ) -> Kept {
    self.metrics.withLock { metrics in
      guard metrics[name] != nil || metrics.count < Self.metricsMax else { return make() }
      var metric = metrics[name] ?? Metric(kind: kind)
      guard metric.kind == kind else { return make() }
      var labels = Labels(dimensions)
      if metric.series[labels] == nil, metric.series.count >= Self.seriesPerMetricMax {
        labels = Labels([("overflow", "true")])
      }
      if let kept = metric.series[labels] as? Kept { return kept }
      let made = make()
      metric.series[labels] = made
      metrics[name] = metric
      return made
    }
  }

  private static func name(_ label: String, suffix: String = "") -> String {
    let name = Labels.identifier(label)
    return name.hasSuffix(suffix) ? name : name + suffix
  }
}
