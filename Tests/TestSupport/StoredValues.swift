public import Storage

/// Every value that a store holds, whatever its tables: where a test looks for what must not stand
/// open in any of them, so that a new column is looked at too. For SQLite, which lists its tables.
public struct StoredValues {
  private var values: [(place: String, bytes: [UInt8])] = []

  /// All that stands in the store now.
  public init(of store: any Store) async throws {
    self.values = try await store.read { snapshot in
      try snapshot.rows("SELECT name FROM sqlite_master WHERE type = 'table'")
        .map { try $0.text("name") }
        .flatMap { table in
          try snapshot.rows(SQL(stringLiteral: "SELECT * FROM \"\(table)\"")).flatMap { row in
            zip(row.columns.names, row.values).map { ("\(table).\($0)", Self.bytes($1)) }
          }
        }
    }
  }

  /// How many values there are.
  public var count: Int { self.values.count }

  /// The columns in which a text stands open, alone or within another.
  public func places(of text: String) -> Set<String> {
    let wanted = Array(text.utf8)
    return Set(self.values.filter { $0.bytes.contains(subsequence: wanted) }.map(\.place))
  }

  private static func bytes(_ value: SQLValue) -> [UInt8] {
    switch value {
    case .null: []
    case .integer(let number): Array("\(number)".utf8)
    case .text(let text): Array(text.utf8)
    case .bytes(let bytes): bytes
    }
  }
}

extension [UInt8] {
  /// Whether these bytes stand in one piece within.
  public func contains(subsequence part: [UInt8]) -> Bool {
    guard self.count >= part.count else { return false }
    return (0...(self.count - part.count)).contains {
      self[$0..<($0 + part.count)].elementsEqual(part)
    }
  }
}
