/// Why a connection cannot go on: the bytes were not HTTP/2, or the peer flooded it.
public struct HTTP2Error: Error, Hashable, Sendable, CustomStringConvertible {
  /// libnghttp2's number for it, below zero.
  public let code: Int32
  /// What libnghttp2 says about it.
  public let description: String
}

/// The error codes of RFC 9113, section 7.
public struct HTTP2ErrorCode: Hashable, Sendable, RawRepresentable, CustomStringConvertible {
  /// The number on the wire.
  public let rawValue: UInt32

  /// A code by its number.
  public init(rawValue: UInt32) {
    self.rawValue = rawValue
  }

  /// Not an error: a graceful end.
  public static let noError = HTTP2ErrorCode(rawValue: 0)
  /// The peer broke the protocol.
  public static let protocolError = HTTP2ErrorCode(rawValue: 1)
  /// The endpoint failed.
  public static let internalError = HTTP2ErrorCode(rawValue: 2)
  /// The peer sent on a stream that it had ended.
  public static let streamClosed = HTTP2ErrorCode(rawValue: 5)
  /// The stream was not processed and may be tried again.
  public static let refusedStream = HTTP2ErrorCode(rawValue: 7)
  /// The stream is no longer needed.
  public static let cancel = HTTP2ErrorCode(rawValue: 8)
  /// The peer causes too much load.
  public static let enhanceYourCalm = HTTP2ErrorCode(rawValue: 11)

  /// The transport is not secure enough for the peer.
  public static let inadequateSecurity = HTTP2ErrorCode(rawValue: 12)

  /// The code's number, as logs show it.
  public var description: String { "HTTP/2 error \(self.rawValue)" }
}
