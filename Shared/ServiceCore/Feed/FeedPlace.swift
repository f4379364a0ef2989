public import DomainModel

/// Where a watcher is in a feed: at a change of an entity that it was told. The change stands in
/// the token with its position, because positions are given anew where a store was restored from an
/// older backup: then the token names nothing, and the watcher hears so instead of missing
/// something.
public struct FeedPlace<Entity>: Hashable, Sendable {
  /// Where it stands in the feed: 1 or more.
  public let position: Int64
  /// What changed.
  public let entity: ID<Entity>
  /// Which of its changes, counted from 1.
  public let version: Int64

  /// A place.
  public init(position: Int64, entity: ID<Entity>, version: Int64) {
    self.position = position
    self.entity = entity
    self.version = version
  }

  /// The place that a token names; nil for one that no answer gave.
  public init?(token: String) {
    let parts = token.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 3, let position = Int64(parts[0]), let version = Int64(parts[1]),
      position > 0, version > 0, !parts[2].isEmpty, token.utf8.count <= Self.tokenBytesMax
    else { return nil }
    self.init(position: position, entity: ID(String(parts[2])), version: version)
  }

  /// The longest token, in bytes.
  public static var tokenBytesMax: Int { 128 }

  /// The token as watchers keep it.
  public var token: String { "\(self.position)-\(self.version)-\(self.entity.text)" }
}
