extension RunResult: WrittenResult {
  static let noun = "load result"

  /// The result as JSON: one object, keys sorted, units in the keys' names.
  package func json() throws -> [UInt8] { try self.written() }

  /// Reads what `json()` wrote, now or in an earlier version. Throws a `ResultError` that says what
  /// is wrong and where: no JSON, no result, a newer version, a value that cannot be.
  package init(json: [UInt8]) throws { try self.init(written: json) }
}
