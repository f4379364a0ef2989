import Crypto
import DomainModel
import PermitProof
import Storage

/// Opens what is sealed in the rows of an export.
struct ExportSeals: Sendable {
  /// How a sealed value is told.
  enum Form {
    case text
    /// Several texts, by these names.
    case fields([String])
    /// In hexadecimal digits.
    case bytes
  }

  let sealer: any Sealer

  /// What was sealed in a column of a row; nil where nothing was.
  func opened(
    _ table: String, _ column: String, of row: Row, named name: String
  ) throws -> [UInt8]? {
    try row.optionalBytes(column).map {
      try SealedColumn(self.sealer, table: table, column: column).open($0, row: name)
    }
  }

  /// A row with its sealed columns opened.
  func line(
    _ table: String, _ row: Row, named name: String, _ sealed: KeyValuePairs<String, Form>
  ) throws -> ExportLine {
    var line = ExportLine(table, row)
    for (column, form) in sealed {
      let opened = try self.opened(table, column, of: row, named: name)
      line.tell(try opened.map { try Self.told($0, as: form, column) }, as: column)
    }
    return line
  }

  private static func told(
    _ bytes: [UInt8], as form: Form, _ column: String
  ) throws -> CanonicalJSON {
    let text = String(decoding: bytes, as: UTF8.self)
    switch form {
    case .text: return .string(text)
    case .bytes: return .string(Hex.encode(bytes))
    case .fields(let names):
      let fields = try FieldText.split(text, into: names.count, column: column)
      return .object(
        Dictionary(uniqueKeysWithValues: zip(names, fields.map { .string($0) })))
    }
  }
}
