import Storage

/// Several texts in one sealed column, with U+001F between them: the checks let no control
/// character into a text, so none is cut.
enum FieldText {
  private static let separator: Character = "\u{1F}"

  /// One text out of several.
  static func join(_ fields: [String]) -> String {
    fields.joined(separator: String(Self.separator))
  }

  /// The texts again; throws unless there are `count`.
  static func split(_ text: String, into count: Int, column: String) throws -> [String] {
    let fields = text.split(separator: Self.separator, omittingEmptySubsequences: false)
    guard fields.count == count else {
      throw StorageError.undecodable(
        column: column, expected: "\(count) fields", found: "\(fields.count)", sql: "")
    }
    return fields.map(String.init)
  }
}
