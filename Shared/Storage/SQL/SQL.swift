/// A statement whose interpolations bind: `"SELECT name FROM draft WHERE id = \(id)"` sends the id
/// beside the text, never inside it, so no value can become SQL.
///
/// The text must be valid for SQLite 3.40 and PostgreSQL 15 alike, holds one statement and no `?`
/// of its own. It should be one literal: engines keep prepared statements by text.
public struct SQL: Hashable, Sendable, ExpressibleByStringInterpolation {
  /// The statement, with a `?` for each binding.
  public private(set) var text: String
  /// The bound values, in the order of the `?`.
  public private(set) var bindings: [SQLValue]

  /// A statement without bindings.
  public init(stringLiteral value: String) {
    self.init(interpolated: value, bindings: [])
    Self.refuseMarks(value)
  }

  /// A statement from an interpolated literal.
  public init(stringInterpolation: StringInterpolation) {
    self.init(interpolated: stringInterpolation.text, bindings: stringInterpolation.bindings)
  }

  private init(interpolated text: String, bindings: [SQLValue]) {
    self.text = text
    self.bindings = bindings
  }

  fileprivate static func refuseMarks(_ literal: String) {
    // Checked in debug builds, where every statement is tested: it would cost each call its text.
    assert(
      !literal.utf8.contains(UInt8(ascii: "?")),
      "SQL literals hold no `?`; interpolate the value instead: \(literal)")
  }

  /// Collects the text and the bindings of a literal.
  public struct StringInterpolation: StringInterpolationProtocol {
    fileprivate var text = ""
    fileprivate var bindings: [SQLValue] = []

    /// Room for the literal's text and its bindings.
    public init(literalCapacity: Int, interpolationCount: Int) {
      self.text.reserveCapacity(literalCapacity + interpolationCount)
      self.bindings.reserveCapacity(interpolationCount)
    }

    /// Adds text of the statement.
    public mutating func appendLiteral(_ literal: String) {
      SQL.refuseMarks(literal)
      self.text.append(literal)
    }

    private mutating func bind(_ value: SQLValue) {
      self.text.append("?")
      self.bindings.append(value)
    }

    /// Binds a value.
    public mutating func appendInterpolation<Value: SQLBindable>(_ value: Value) {
      self.bind(value.sqlValue)
    }

    /// Binds a value, or NULL for nil.
    public mutating func appendInterpolation<Value: SQLBindable>(_ value: Value?) {
      self.bind(value?.sqlValue ?? .null)
    }

    /// Binds an enum's raw value.
    public mutating func appendInterpolation<Value: RawRepresentable>(_ value: Value)
    where Value.RawValue: SQLBindable {
      self.bind(value.rawValue.sqlValue)
    }

    /// Binds an enum's raw value, or NULL for nil.
    public mutating func appendInterpolation<Value: RawRepresentable>(_ value: Value?)
    where Value.RawValue: SQLBindable {
      self.bind(value?.rawValue.sqlValue ?? .null)
    }

    /// Binds a list in parentheses, for `IN`; an empty list becomes `(NULL)`, which equals nothing.
    public mutating func appendInterpolation<Value: SQLBindable>(values: [Value]) {
      self.text.append("(")
      if values.isEmpty { self.text.append("NULL") }
      for (index, value) in values.enumerated() {
        if index > 0 { self.text.append(", ") }
        self.bind(value.sqlValue)
      }
      self.text.append(")")
    }

    /// Puts fragments with commas between them, such as the rows of an `INSERT`. *Mind* that each
    /// number of them is another text, and engines keep prepared statements by text.
    public mutating func appendInterpolation(list fragments: [SQL]) {
      for (index, fragment) in fragments.enumerated() {
        if index > 0 { self.text.append(", ") }
        self.appendInterpolation(sql: fragment)
      }
    }

    /// Puts a fragment, with its bindings, into the statement.
    public mutating func appendInterpolation(sql fragment: SQL) {
      self.text.append(fragment.text)
      self.bindings.append(contentsOf: fragment.bindings)
    }
  }
}
