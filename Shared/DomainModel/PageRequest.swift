/// The page a list call asks for. A token names the last row of the page before by what the list is
/// sorted by, mostly its id: callers hand it back as it is.
public struct PageRequest: Hashable, Sendable {
  /// How many rows a page has where the caller does not say.
  public static let sizeDefault = 100
  /// How many rows a page has at most.
  public static let sizeMax = 500
  /// The longest token, in bytes.
  public static let tokenBytesMax = 64

  /// What the row is sorted by after which the page begins; empty for the first page.
  public let cursor: String
  /// How many rows, 1 to 500.
  public let size: Int

  /// Throws `PAGE_INVALID` for a size that is negative or above 500 (0 means 100), and for a token
  /// that no answer gave: digits and capitals only.
  public init(size: Int, token: String) throws {
    guard (0...Self.sizeMax).contains(size), token.utf8.count <= Self.tokenBytesMax,
      token.utf8.allSatisfy({ CheckCharacters.base36Value($0) != nil })
    else { throw ServiceError(.pageInvalid) }
    self.size = size == 0 ? Self.sizeDefault : size
    self.cursor = token
  }

  /// How many rows to read: one more than the page has, to see whether another page follows.
  public var limit: Int { self.size + 1 }

  /// The rows to show of those that were read, and the token of the page after: empty on the last.
  public func page<Row>(
    _ rows: [Row], token: (Row) -> String
  ) -> (rows: [Row], nextToken: String) {
    let shown = Array(rows.prefix(self.size))
    let last = rows.count > self.size ? shown.last : nil
    return (shown, last.map(token) ?? "")
  }
}
