/// How messages are compressed on their way.
public enum MessageCompression: Hashable, Sendable {
  /// gzip (RFC 1952).
  case gzip

  /// The smallest message that is compressed without being asked for by itself, in bytes: below it
  /// the work costs more than the bytes saved.
  public static let messageBytesMin = 1_024
}
