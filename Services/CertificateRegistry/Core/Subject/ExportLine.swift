import Crypto
import PermitProof
import Storage

/// One line of a person's export: a row that is kept, its columns under their names.
struct ExportLine: Hashable, Sendable {
  /// The table.
  let table: String
  /// What is kept, by column; one that is empty is left out.
  private(set) var kept: [String: CanonicalJSON] = [:]
  /// Columns that are kept and not told.
  private(set) var withheld: [String] = []

  /// A row as it stands: bytes in hexadecimal digits.
  init(_ table: String, _ row: Row) {
    self.table = table
    for (column, value) in zip(row.columns.names, row.values) {
      switch value {
      case .null: break
      case .integer(let number): self.kept[column] = .integer(number)
      case .text(let text): self.kept[column] = .string(text)
      case .bytes(let bytes): self.kept[column] = .string(Hex.encode(bytes))
      }
    }
  }

  /// What is told of a table's row that is another's as well.
  init(_ table: String, _ told: [String: CanonicalJSON]) {
    self.table = table
    self.kept = told
  }

  /// Says something else of a column, such as what was sealed in it.
  mutating func tell(_ value: CanonicalJSON?, as column: String) { self.kept[column] = value }

  /// Does not tell a column, or only what is given of it.
  mutating func withhold(_ column: String, telling part: CanonicalJSON? = nil) {
    self.kept[column] = part
    self.withheld.append(column)
  }

  /// The line, with its end.
  var bytes: [UInt8] {
    var members: [String: CanonicalJSON] = [
      "table": .string(self.table), "kept": .object(self.kept),
    ]
    if !self.withheld.isEmpty {
      members["withheld"] = .array(self.withheld.sorted().map { .string($0) })
    }
    return CanonicalJSON.object(members).utf8 + [UInt8(ascii: "\n")]
  }
}
