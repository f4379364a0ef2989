public import DomainModel

/// The names of a result's columns; one value is shared by all rows of a statement.
public final class RowColumns: Sendable {
  /// The names, in the statement's order.
  public let names: [String]
  /// The statement, for errors.
  public let sql: String
  private let indices: [String: Int]

  /// The columns of one statement.
  public init(names: [String], sql: String) {
    self.names = names
    self.sql = sql
    self.indices = Dictionary(
      zip(names, names.indices), uniquingKeysWith: { first, _ in first })
  }

  func index(of name: String) -> Int? { self.indices[name] }
}

/// One row of a result, decoded by column name. A value that is not what the code expects throws
/// `StorageError.undecodable`, which names column and statement and withholds the value.
public struct Row: Sendable {
  /// The columns.
  public let columns: RowColumns
  /// The values, in the columns' order.
  public let values: [SQLValue]

  /// A row; made by engines and by tests.
  public init(columns: RowColumns, values: [SQLValue]) {
    self.columns = columns
    self.values = values
  }

  /// The value of a column as it is stored; throws for a column that the statement has not.
  public func value(_ column: String) throws -> SQLValue {
    guard let index = self.columns.index(of: column) else {
      throw StorageError.undecodable(
        column: column, expected: "a column of this name", found: "none", sql: self.columns.sql)
    }
    return self.values[index]
  }

  /// The value of a column as a type; throws for NULL and for anything that is no `Value`.
  public func get<Value: SQLBindable>(
    _ column: String, as type: Value.Type = Value.self
  ) throws -> Value {
    let stored = try self.value(column)
    guard let value = Value(sqlValue: stored) else { throw self.mismatch(column, stored, type) }
    return value
  }

  /// The value of a column as a type, nil for NULL.
  public func optional<Value: SQLBindable>(
    _ column: String, as type: Value.Type = Value.self
  ) throws -> Value? {
    let stored = try self.value(column)
    if stored == .null { return nil }
    guard let value = Value(sqlValue: stored) else { throw self.mismatch(column, stored, type) }
    return value
  }

  /// An enum stored as its raw value; throws for a raw value that the enum has not.
  public func choice<Value: RawRepresentable>(
    _ column: String, as type: Value.Type = Value.self
  ) throws -> Value where Value.RawValue: SQLBindable {
    let stored = try self.value(column)
    guard let raw = Value.RawValue(sqlValue: stored), let value = Value(rawValue: raw) else {
      throw self.mismatch(column, stored, type)
    }
    return value
  }

  private func mismatch(
    _ column: String, _ stored: SQLValue, _ type: Any.Type
  ) -> StorageError {
    .undecodable(
      column: column, expected: "\(type)", found: stored.kind, sql: self.columns.sql)
  }
}

extension Row {
  /// The text of a column.
  public func text(_ column: String) throws -> String { try self.get(column) }
  /// The text of a column, nil for NULL.
  public func optionalText(_ column: String) throws -> String? { try self.optional(column) }
  /// The integer of a column.
  public func int(_ column: String) throws -> Int { try self.get(column) }
  /// The integer of a column, nil for NULL.
  public func optionalInt(_ column: String) throws -> Int? { try self.optional(column) }
  /// The integer of a column.
  public func int64(_ column: String) throws -> Int64 { try self.get(column) }
  /// The truth value of a column that holds 0 or 1.
  public func bool(_ column: String) throws -> Bool { try self.get(column) }
  /// The bytes of a column.
  public func bytes(_ column: String) throws -> [UInt8] { try self.get(column) }
  /// The bytes of a column, nil for NULL.
  public func optionalBytes(_ column: String) throws -> [UInt8]? { try self.optional(column) }
  /// The instant of a column.
  public func timestamp(_ column: String) throws -> Timestamp { try self.get(column) }
  /// The instant of a column, nil for NULL.
  public func optionalTimestamp(_ column: String) throws -> Timestamp? {
    try self.optional(column)
  }
  /// The civil date of a column.
  public func date(_ column: String) throws -> CivilDate { try self.get(column) }
  /// The civil date of a column, nil for NULL.
  public func optionalDate(_ column: String) throws -> CivilDate? { try self.optional(column) }
  /// The id of a column.
  public func id<Entity>(_ column: String, of: Entity.Type = Entity.self) throws -> ID<Entity> {
    try self.get(column)
  }
  /// The id of a column, nil for NULL.
  public func optionalID<Entity>(
    _ column: String, of: Entity.Type = Entity.self
  ) throws -> ID<Entity>? {
    try self.optional(column)
  }
}
