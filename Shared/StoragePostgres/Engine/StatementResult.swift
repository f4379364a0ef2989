import CPostgres
import Storage

/// What comes back of one statement, and of those that were sent before it in the same piece.
struct StatementResult {
  private(set) var rows: [Row] = []
  /// How many rows it inserted, updated or deleted.
  private(set) var changed = 0
  /// What the server complained of first, and of which statement's number in the piece.
  private(set) var complaint: (what: ServerFault.Complaint, of: Int)?
  /// Why its rows are not taken any more: too many, or of a type that the house does not use.
  private(set) var failure: (any Error)?
  private let statement: PreparedStatement
  private let number: Int
  /// Nil where rows are of no interest.
  private let rowsMax: Int?

  init(of statement: PreparedStatement, number: Int, rowsMax: Int?) {
    self.statement = statement
    self.number = number
    self.rowsMax = rowsMax
  }

  /// Takes one result of the statement with this number. Returns false if no more are wanted.
  mutating func take(_ answer: borrowing Answer, of number: Int) -> Bool {
    if answer.status == PGRES_FATAL_ERROR {
      self.complaint = self.complaint ?? (answer.complaint, number)
      return true
    }
    guard number == self.number else { return true }
    if answer.status == PGRES_TUPLES_OK || answer.status == PGRES_COMMAND_OK {
      self.changed = answer.changedCount
    }
    guard let rowsMax = self.rowsMax, self.failure == nil else { return true }
    do {
      for row in 0..<answer.rowCount {
        if self.rows.count == rowsMax {
          throw StorageError.tooManyRows(rowsMax: rowsMax, sql: self.statement.sql)
        }
        let columns = self.statement.columns(answer)
        let values = try answer.values(ofRow: row, columns)
        self.rows.append(Row(columns: columns, values: values))
      }
      return true
    } catch {
      self.failure = error
      return false
    }
  }
}
