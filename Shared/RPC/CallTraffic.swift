/// How much has come and gone on one call: messages, and their bytes as they stood on the wire,
/// after compression and without their prefixes.
public struct CallTraffic: Hashable, Sendable {
  /// How many messages were received.
  public private(set) var receivedMessages = 0
  /// How many bytes they had.
  public private(set) var receivedBytes = 0
  /// How many messages were sent.
  public private(set) var sentMessages = 0
  /// How many bytes they had.
  public private(set) var sentBytes = 0

  /// Nothing yet.
  public init() {}

  /// Counts a message received.
  public mutating func received(_ bytes: Int) {
    self.receivedMessages += 1
    self.receivedBytes += bytes
  }

  /// Counts a message sent.
  public mutating func sent(_ bytes: Int) {
    self.sentMessages += 1
    self.sentBytes += bytes
  }
}
