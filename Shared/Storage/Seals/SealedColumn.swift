public import DomainModel

/// Seals and opens the values of one column. The seal holds in this table, column and row only, so
/// a value copied elsewhere does not open there.
public struct SealedColumn: Sendable {
  private let sealer: any Sealer
  private let table: String
  private let column: String

  /// A sealed column (`$BYTES` in the schema).
  public init(_ sealer: any Sealer, table: String, column: String) {
    self.sealer = sealer
    self.table = table
    self.column = column
  }

  private func place(_ row: String) -> SealedPlace {
    SealedPlace(table: self.table, column: self.column, row: row)
  }

  /// Seals bytes for the row with this primary key.
  public func seal(_ plain: [UInt8], row: String) throws -> [UInt8] {
    try self.sealer.seal(plain, as: self.place(row))
  }

  /// Seals text for the row with this primary key.
  public func seal(_ text: String, row: String) throws -> [UInt8] {
    try self.seal(Array(text.utf8), row: row)
  }

  /// Seals text, nil for nil.
  public func seal(_ text: String?, row: String) throws -> [UInt8]? {
    try text.map { try self.seal($0, row: row) }
  }

  /// The bytes that were sealed for this row; throws if they were changed or come from elsewhere.
  public func open(_ sealed: [UInt8], row: String) throws -> [UInt8] {
    try self.sealer.open(sealed, as: self.place(row))
  }

  /// The text that was sealed for this row.
  public func openText(_ sealed: [UInt8], row: String) throws -> String {
    String(decoding: try self.open(sealed, row: row), as: UTF8.self)
  }

  /// The text that was sealed for this row, nil for nil.
  public func openText(_ sealed: [UInt8]?, row: String) throws -> String? {
    try sealed.map { try self.openText($0, row: row) }
  }
}
