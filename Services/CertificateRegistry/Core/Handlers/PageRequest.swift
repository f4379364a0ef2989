import DomainModel
import Wire

/// The page a list call asks for. A token is the last row's id: callers take it as it is.
struct PageRequest: Hashable, Sendable {
  static let sizeDefault = 100
  static let sizeMax = 500
  static let tokenBytesMax = 64

  /// The id after which the page begins; empty for the first page.
  let cursor: String
  /// How many rows, 1 to 500.
  let size: Int

  /// Throws `PAGE_INVALID` for a size out of bounds or a token that no answer gave.
  init(_ page: ModelV1.Page?) throws {
    let page = page ?? ModelV1.Page()
    guard (0...Int32(Self.sizeMax)).contains(page.size),
      page.token.utf8.count <= Self.tokenBytesMax,
      page.token.utf8.allSatisfy(Self.isTokenByte)
    else { throw ServiceError(.pageInvalid) }
    self.size = page.size == 0 ? Self.sizeDefault : Int(page.size)
    self.cursor = page.token
  }

  /// The token of the page after a row.
  static func token(_ last: String?) -> String { last ?? "" }

  private static func isTokenByte(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte)
  }
}
