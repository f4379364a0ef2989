/// Why bytes are no message, or a message cannot be written. It holds names of the contract only,
/// never a value.
public struct WireError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What is wrong.
  public enum Reason: Hashable, Sendable {
    /// The bytes do not follow protobuf's wire format.
    case malformed
    /// Reading or writing the message needs more memory than `WireArena.bytesMax`.
    case tooLarge
    /// A string holds the character NUL, at which C would cut it.
    case stringHoldsNUL
    /// A string is not UTF-8.
    case stringNotUTF8
  }

  /// What is wrong.
  public var reason: Reason
  /// The full name of the field (of the message where it is no one field's fault).
  public var element: String

  /// An error at an element of the contract.
  public init(_ reason: Reason, at element: String) {
    self.reason = reason
    self.element = element
  }

  /// The sentence for a developer.
  public var description: String {
    switch self.reason {
    case .malformed: "\(self.element) is malformed"
    case .tooLarge: "\(self.element) needs more memory than a message may"
    case .stringHoldsNUL: "\(self.element) holds a NUL character"
    case .stringNotUTF8: "\(self.element) is not UTF-8"
    }
  }
}
