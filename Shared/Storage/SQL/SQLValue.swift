public import DomainModel

/// One value as both engines can hold it. Times are integers and civil dates ISO text, so that two
/// engines sort and compare alike; there are no floating-point columns.
public enum SQLValue: Hashable, Sendable {
  case null
  case integer(Int64)
  case text(String)
  case bytes([UInt8])

  /// The kind's name, for errors that withhold the value.
  var kind: String {
    switch self {
    case .null: "NULL"
    case .integer: "an integer"
    case .text: "text"
    case .bytes: "bytes"
    }
  }
}

/// A type whose values stand in one column.
public protocol SQLBindable {
  /// The value as it is stored.
  var sqlValue: SQLValue { get }
  /// The value read back; nil where the column holds something else.
  init?(sqlValue: SQLValue)
}

extension SQLValue: SQLBindable {
  /// As it is.
  public var sqlValue: SQLValue { self }
  /// As it is.
  public init(sqlValue: SQLValue) { self = sqlValue }
}

extension String: SQLBindable {
  /// As it is.
  public var sqlValue: SQLValue { .text(self) }
  /// Nil for another kind of value.
  public init?(sqlValue: SQLValue) {
    guard case .text(let text) = sqlValue else { return nil }
    self = text
  }
}

extension Int64: SQLBindable {
  /// As it is.
  public var sqlValue: SQLValue { .integer(self) }
  /// Nil for another kind of value.
  public init?(sqlValue: SQLValue) {
    guard case .integer(let integer) = sqlValue else { return nil }
    self = integer
  }
}

extension Int: SQLBindable {
  /// As it is.
  public var sqlValue: SQLValue { .integer(Int64(self)) }
  /// Nil for another kind of value.
  public init?(sqlValue: SQLValue) {
    guard case .integer(let integer) = sqlValue else { return nil }
    self.init(exactly: integer)
  }
}

extension Bool: SQLBindable {
  /// 0 or 1.
  public var sqlValue: SQLValue { .integer(self ? 1 : 0) }
  /// Nil for another kind of value.
  public init?(sqlValue: SQLValue) {
    switch sqlValue {
    case .integer(0): self = false
    case .integer(1): self = true
    default: return nil
    }
  }
}

extension [UInt8]: SQLBindable {
  /// As it is.
  public var sqlValue: SQLValue { .bytes(self) }
  /// Nil for another kind of value.
  public init?(sqlValue: SQLValue) {
    guard case .bytes(let bytes) = sqlValue else { return nil }
    self = bytes
  }
}

extension Timestamp: SQLBindable {
  /// Milliseconds since 1970-01-01T00:00:00Z.
  public var sqlValue: SQLValue { .integer(self.milliseconds) }
  /// Nil for another kind of value.
  public init?(sqlValue: SQLValue) {
    guard case .integer(let integer) = sqlValue else { return nil }
    self.init(milliseconds: integer)
  }
}

extension ID: SQLBindable {
  /// The id's text.
  public var sqlValue: SQLValue { .text(self.text) }
  /// Nil for another kind of value.
  public init?(sqlValue: SQLValue) {
    guard case .text(let text) = sqlValue else { return nil }
    self.init(text)
  }
}

extension CivilDate: SQLBindable {
  /// The ISO 8601 form, `YYYY-MM-DD`: it sorts as the dates do.
  public var sqlValue: SQLValue { .text(self.iso) }
  /// Nil for another kind of value.
  public init?(sqlValue: SQLValue) {
    guard case .text(let text) = sqlValue else { return nil }
    self.init(iso: text)
  }
}
