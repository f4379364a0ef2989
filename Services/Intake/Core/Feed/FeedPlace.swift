import DomainModel

/// Where a watcher is in the feed: at a change that it was told. The change stands in the token
/// with its position, because positions are given anew where a store was restored from an older
/// backup: then the token names nothing, and the watcher hears so instead of missing something.
struct FeedPlace: Hashable, Sendable {
  let position: Int64
  let application: ID<Application>
  let version: Int64

  init(position: Int64, application: ID<Application>, version: Int64) {
    self.position = position
    self.application = application
    self.version = version
  }

  /// The place that a token names; nil for one that no answer gave.
  init?(token: String) {
    let parts = token.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 3, let position = Int64(parts[0]), let version = Int64(parts[1]),
      position > 0, version > 0, !parts[2].isEmpty, token.utf8.count <= Self.tokenBytesMax
    else { return nil }
    self.init(position: position, application: ID(String(parts[2])), version: version)
  }

  /// The longest token, in bytes.
  static let tokenBytesMax = 128

  /// The token as watchers keep it.
  var token: String { "\(self.position)-\(self.version)-\(self.application.text)" }
}

/// One change of an application as its integrator is told it.
struct FeedChange: Hashable, Sendable {
  let place: FeedPlace
  let number: String
  let kind: ApplicationKind
  let state: ApplicationState
  let at: Timestamp
  /// Of the permit it ended in, where it has by now.
  let certificateIdentifier: String
}
