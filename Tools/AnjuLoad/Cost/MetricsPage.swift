/// A page of metrics in Prometheus' text format, as far as costs are read from it.
struct MetricsPage: Hashable, Sendable {
  private struct Sample: Hashable {
    let name: Substring
    let labels: Substring
    let value: Double
  }

  private let samples: [Sample]

  /// Reads a page; lines that are no samples are passed over.
  init(_ text: String) {
    self.samples = text.split(separator: "\n").compactMap { line in
      guard !line.hasPrefix("#"), let space = line.lastIndex(of: " "),
        let value = Double(line[line.index(after: space)...])
      else { return nil }
      let head = line[..<space]
      guard let brace = head.firstIndex(of: "{") else {
        return Sample(name: head, labels: "", value: value)
      }
      return Sample(name: head[..<brace], labels: head[brace...], value: value)
    }
  }

  /// The sum of a metric's samples, whatever their labels, but for those whose labels hold a text;
  /// nil if there is none of the name.
  func sum(_ name: String, without text: String? = nil) -> Double? {
    let found = self.samples.filter { $0.name == name }
    guard !found.isEmpty else { return nil }
    return found.filter { sample in text.map { !sample.labels.contains($0) } ?? true }
      .reduce(0) { $0 + $1.value }
  }
}
