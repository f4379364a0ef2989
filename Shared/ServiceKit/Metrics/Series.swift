internal import Metrics
internal import Synchronization

/// One row of numbers under a metric's name and one set of labels.
protocol Series: AnyObject, Sendable {
  /// Appends its lines in Prometheus' text format.
  func render(name: String, labels: Labels, into page: inout String)
}

/// Counts up.
final class CounterSeries: Series, CounterHandler {
  private let value = Atomic<Int64>(0)

  func increment(by amount: Int64) {
    self.value.wrappingAdd(max(0, amount), ordering: .relaxed)
  }

  func reset() { self.value.store(0, ordering: .relaxed) }

  func render(name: String, labels: Labels, into page: inout String) {
    page += "\(name)\(labels.text()) \(self.value.load(ordering: .relaxed))\n"
  }
}

/// Goes up and down; holds what was set last.
final class GaugeSeries: Series, RecorderHandler, MeterHandler {
  private let value = Mutex(0.0)

  func set(_ value: Int64) { self.set(Double(value)) }

  func set(_ value: Double) { self.value.withLock { $0 = value } }

  func record(_ value: Int64) { self.set(Double(value)) }

  func record(_ value: Double) { self.set(value) }

  func increment(by amount: Double) { self.value.withLock { $0 += amount } }

  func decrement(by amount: Double) { self.value.withLock { $0 -= amount } }

  func render(name: String, labels: Labels, into page: inout String) {
    page += "\(name)\(labels.text()) \(Number.text(self.value.withLock { $0 }))\n"
  }
}

/// Counts values by size; a timer's values are seconds.
final class HistogramSeries: Series, RecorderHandler, TimerHandler {
  private struct State {
    var counts: [UInt64]
    var sum = 0.0
  }

  private let bounds: [Double]
  private let state: Mutex<State>

  /// `bounds` ascend; a last bucket without bound is added.
  init(bounds: [Double]) {
    self.bounds = bounds
    self.state = Mutex(State(counts: Array(repeating: 0, count: bounds.count + 1)))
  }

  func record(_ value: Int64) { self.record(Double(value)) }

  func record(_ value: Double) {
    let bucket = self.bounds.firstIndex { value <= $0 } ?? self.bounds.count
    self.state.withLock {
      $0.counts[bucket] += 1
      $0.sum += value
    }
  }

  func recordNanoseconds(_ duration: Int64) { self.record(Double(duration) / 1e9) }

  func render(name: String, labels: Labels, into page: inout String) {
    let (counts, sum) = self.state.withLock { ($0.counts, $0.sum) }
    var total: UInt64 = 0
    for (count, bound) in zip(counts, self.bounds.map(Number.text) + ["+Inf"]) {
      total += count
      page += "\(name)_bucket\(labels.text(adding: ("le", bound))) \(total)\n"
    }
    page += "\(name)_sum\(labels.text()) \(Number.text(sum))\n"
    page += "\(name)_count\(labels.text()) \(total)\n"
  }
}

/// Numbers as Prometheus reads them.
enum Number {
  static func text(_ value: Double) -> String {
    if let whole = Int64(exactly: value) { return String(whole) }
    if value.isNaN { return "NaN" }
    if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
    return String(value)
  }
}
