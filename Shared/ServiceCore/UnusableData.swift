/// Data of ours or a peer's answer lacks what it must have. Nothing the caller could mend: it hears
/// `INTERNAL`, the log says what, and a message that led to it is parked.
public struct UnusableData: Error, Hashable, Sendable, CustomStringConvertible {
  /// What is wrong with what; no personal data.
  public let description: String

  /// Says what is wrong with what; no personal data.
  public init(_ description: String) {
    self.description = description
  }
}
