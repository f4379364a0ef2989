/// What one may wait for: a name, fixed in the code, never one per entity of unknown number.
public struct Topic: Hashable, Sendable, ExpressibleByStringLiteral {
  /// The name.
  public let name: String

  /// A topic.
  public init(_ name: String) {
    self.name = name
  }

  /// A topic.
  public init(stringLiteral name: String) {
    self.name = name
  }
}
