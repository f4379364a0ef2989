import DomainModel
import Wire

/// The page a list call asks for, checked.
struct PageRequest: Hashable, Sendable {
  /// How many rows a page has unless told.
  static let rowsDefault = 100
  /// How many rows a page has at most.
  static let rowsMax = 500
  /// How long a token is at most, in bytes.
  static let tokenBytesMax = 128

  let rows: Int
  /// Empty for the first page.
  let token: String

  /// Throws `PAGE_INVALID`.
  init(_ wire: ModelV1.Page?) throws {
    let rows = Int(wire?.size ?? 0)
    let token = wire?.token ?? ""
    guard (0...Self.rowsMax).contains(rows), token.utf8.count <= Self.tokenBytesMax else {
      throw ServiceError(.pageInvalid)
    }
    self.rows = rows == 0 ? Self.rowsDefault : rows
    self.token = token
  }

  /// The token as a place in a list by due time and id, nil for the first page.
  func workPlace() throws -> WorkPlace? {
    if self.token.isEmpty { return nil }
    let parts = self.token.split(separator: ".", maxSplits: 1)
    guard parts.count == 2, let dueAt = Int64(parts[0]) else { throw ServiceError(.pageInvalid) }
    return WorkPlace(dueAt: dueAt, caseID: String(parts[1]))
  }
}

extension WorkPlace {
  /// The token of the page that begins after this place.
  var token: String { "\(self.dueAt).\(self.caseID)" }
}
