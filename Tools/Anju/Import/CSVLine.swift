/// One row of a file of comma-separated values (RFC 4180), which here is one line: no field holds a
/// line break, so that a quote that is never closed costs its own row and no other.
enum CSVLine {
  /// The fields of a line.
  static func fields(_ line: [UInt8]) throws(RowDefect) -> [String] {
    guard let text = String(validating: line, as: UTF8.self) else {
      throw RowDefect("NOT_UTF8")
    }
    var fields: [String] = []
    var rest = Array(text.unicodeScalars)[...]
    while true {
      fields.append(try Self.field(&rest))
      guard let next = rest.popFirst() else { return fields }
      if next != "," { throw RowDefect("QUOTES_BROKEN") }
    }
  }

  /// Takes one field, up to its comma or the line's end.
  private static func field(
    _ rest: inout ArraySlice<Unicode.Scalar>
  ) throws(RowDefect) -> String {
    var field = String.UnicodeScalarView()
    guard rest.first == "\"" else {
      while let scalar = rest.first, scalar != "," {
        if scalar == "\"" { throw RowDefect("QUOTES_BROKEN") }
        field.append(scalar)
        rest.removeFirst()
      }
      return String(field)
    }
    rest.removeFirst()
    while let scalar = rest.popFirst() {
      if scalar != "\"" {
        field.append(scalar)
      } else if rest.first == "\"" {
        field.append(scalar)
        rest.removeFirst()
      } else {
        return String(field)
      }
    }
    throw RowDefect("QUOTES_BROKEN")
  }
}

/// Why a row was not sent: a machine code, and the column where there is one.
struct RowDefect: Error, Hashable {
  let reason: String
  let column: String

  init(_ reason: String, at column: String = "") {
    self.reason = reason
    self.column = column
  }
}
