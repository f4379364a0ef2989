extension CostFigure {
  /// Its name for a reader.
  package var name: String {
    switch self {
    case .cpu: "processor time"
    case .memory: "most memory, in all"
    case .fsyncs: "waits for the disk"
    case .written: "written to disk"
    case .stored: "kept on disk"
    case .rows: "rows written"
    case .statements: "SQL statements"
    case .served: "calls answered"
    case .made: "calls to other services"
    }
  }

  /// A value of it with its unit.
  package func text(_ value: Double) -> String {
    switch self {
    case .cpu:
      value < 1_000 ? "\(Figure.measured(value)) µs" : "\(Figure.measured(value / 1_000)) ms"
    case .memory, .written, .stored: Figure.bytes(value)
    case .fsyncs, .rows, .statements, .served, .made: Figure.measured(value)
    }
  }
}

extension RunCosts {
  /// A figure of each service and of all together, for one unit (memory: in all); `–` where it was
  /// not measured.
  func cells(of figure: CostFigure) -> [String] {
    let values =
      figure.isShared
      ? self.services.map { self.perUnit(figure, of: $0) } + [self.perUnit(figure)]
      : self.services.map { $0[figure].map(Double.init) } + [self.total(figure).map(Double.init)]
    return values.map { $0.map(figure.text) ?? "–" }
  }
}
