import CPostgres
import Storage

/// One prepared statement of one connection.
final class PreparedStatement {
  let name: String
  let sql: String
  /// The types of its parameters, as the server settled them.
  let types: [Oid]
  private var knownColumns: RowColumns?

  init(_ name: String, sql: String, types: [Oid]) {
    self.name = name
    self.sql = sql
    self.types = types
  }

  /// Whether the values can be sent as its parameters; NULL fits every type.
  func fits(_ values: [SQLValue]) -> Bool {
    guard values.count == self.types.count else { return false }
    for (value, type) in zip(values, self.types)
    where value != .null && BinaryValue.type(of: value) != type { return false }
    return true
  }

  func columns(_ answer: borrowing Answer) -> RowColumns {
    if let known = self.knownColumns { return known }
    let columns = RowColumns(names: answer.columnNames, sql: self.sql)
    self.knownColumns = columns
    return columns
  }
}

/// The prepared statements of one connection, by text: one for each set of types that the values
/// have had, since the server settles types when it prepares.
struct StatementCache {
  private let statementsMax: Int
  private var known: [String: [PreparedStatement]] = [:]
  private var count = 0
  private var mustEmpty = false
  private var made = 0

  init(statementsMax: Int) {
    self.statementsMax = statementsMax
  }

  func find(_ text: String, for values: [SQLValue]) -> PreparedStatement? {
    self.known[text]?.first { $0.fits(values) }
  }

  /// Whether the server must let go of all it has before one more is prepared.
  var isFull: Bool { self.mustEmpty || self.count >= self.statementsMax }

  /// A name that no statement of this connection has had.
  mutating func newName() -> String {
    self.made += 1
    return "s\(self.made)"
  }

  mutating func keep(_ statement: PreparedStatement) {
    self.known[statement.sql, default: []].append(statement)
    self.count += 1
  }

  /// None can be used any more, but the server still has them.
  mutating func distrustAll() {
    self.known = [:]
    self.mustEmpty = true
  }

  /// The server has let go of all.
  mutating func forgetAll() {
    self.known = [:]
    self.count = 0
    self.mustEmpty = false
  }

  /// The text with `$1`, `$2` … for each `?`, which statements have for their values only.
  static func numbered(_ text: String) -> String {
    var result: [UInt8] = []
    result.reserveCapacity(text.utf8.count + 32)
    var number = 0
    for byte in text.utf8 {
      if byte == UInt8(ascii: "?") {
        number += 1
        result.append(contentsOf: "$\(number)".utf8)
      } else {
        result.append(byte)
      }
    }
    return String(decoding: result, as: UTF8.self)
  }

  /// BEGIN, COMMIT and their like are the engine's own.
  static func controlsTransaction(_ text: String) -> Bool {
    let word = text.drop(while: \.isWhitespace).prefix(while: \.isLetter).uppercased()
    return [
      "BEGIN", "START", "COMMIT", "END", "ROLLBACK", "ABORT", "SAVEPOINT", "RELEASE", "PREPARE",
    ].contains(word)
  }
}
