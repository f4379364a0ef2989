import CPostgres
import Storage

/// A statement that nobody waits for: its answer is heard before that of the next one.
struct DeferredStatement {
  let text: String
  private let statement: PreparedStatement?
  private let hearing: (([Row]) -> Void)?

  /// One of our own, or of a closure with the rows that `hearing` gets.
  init(_ text: String, _ statement: PreparedStatement? = nil, hearing: (([Row]) -> Void)? = nil) {
    self.text = text
    self.statement = statement
    self.hearing = hearing
  }

  /// Hands over the rows of its answer. One that cannot be read is as none: nobody waits for it.
  func hear(_ answer: borrowing Answer) {
    guard let statement, let hearing, answer.status == PGRES_TUPLES_OK else { return }
    var result = StatementResult(of: statement, number: 0, rowsMax: Snapshot.rowsMax)
    _ = result.take(answer, of: 0)
    hearing(result.rows)
  }
}
