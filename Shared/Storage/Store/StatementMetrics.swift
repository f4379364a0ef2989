internal import Metrics

/// What all stores of a process have run, whichever their engine:
///
/// - `anju_store_statements`: statements of closures, those of a closure that ran again included,
/// - `anju_store_rows`: rows that they inserted, updated or deleted. On PostgreSQL a statement that
///   nobody waits for (`execute`) counts as one row.
struct StatementMetrics: Sendable {
  /// Made with the first statement, when the process has said where metrics go.
  static let shared = StatementMetrics()

  private let statements = Counter(label: "anju_store_statements")
  private let rows = Counter(label: "anju_store_rows")

  /// A statement that reads.
  func ran() {
    self.statements.increment()
  }

  /// A statement that changed so many rows.
  func changed(_ rows: Int) {
    self.statements.increment()
    self.rows.increment(by: rows)
  }
}
