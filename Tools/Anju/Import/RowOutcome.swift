import DomainModel
import Foundation

/// What became of a row: a line of the report. It names no person.
struct RowOutcome: Encodable {
  /// What became of it.
  enum Outcome: String, Encodable, CaseIterable {
    /// It is on record now.
    case imported
    /// It was before.
    case unchanged
    /// It is not; the reason says why.
    case refused
  }

  /// A field that breaks a rule.
  struct Field: Encodable {
    let field: String
    let reason: String
  }

  /// The line of the file; the header is line 1.
  let line: Int
  /// `permit`, `registration`, or empty for a row that cannot be read.
  let record: String
  let outcome: Outcome
  /// The identifier of the permit's certificate, or the registration's id.
  var id: String?
  /// A code of `proto/ERRORS.md`, or one of a row that was not sent.
  var reason: String?
  /// The fields that break rules, all of them.
  var fields: [Field]?
  /// What the service says beside the reason, such as the values that are on record.
  var details: [String: String]?

  /// A row that is on record.
  init(line: Int, record: String, id: String, stoodAlready: Bool) {
    self.line = line
    self.record = record
    self.outcome = stoodAlready ? .unchanged : .imported
    self.id = id
  }

  /// A row that was not sent.
  init(line: Int, _ defect: RowDefect) {
    self.line = line
    self.record = ""
    self.outcome = .refused
    self.reason = defect.reason
    if !defect.column.isEmpty {
      self.fields = [Field(field: defect.column, reason: defect.reason)]
    }
  }

  /// A row that the service has refused.
  init(line: Int, record: String, _ error: ServiceError) {
    self.line = line
    self.record = record
    self.outcome = .refused
    self.reason = error.reason
    let fields = error.violations.map { Field(field: $0.field, reason: $0.reason) }
    self.fields = fields.isEmpty ? nil : fields
    self.details = error.metadata.isEmpty ? nil : error.metadata
  }
}

/// How many rows came to what: the last line of an import.
struct ImportSummary: Encodable {
  var rows = 0
  var imported = 0
  var unchanged = 0
  var refused = 0
  let report: String

  mutating func count(_ outcome: RowOutcome.Outcome) {
    self.rows += 1
    switch outcome {
    case .imported: self.imported += 1
    case .unchanged: self.unchanged += 1
    case .refused: self.refused += 1
    }
  }

  var sentence: String {
    "\(self.rows) rows: \(self.imported) imported, \(self.unchanged) there already, "
      + "\(self.refused) refused; \(self.report) tells of each"
  }
}
