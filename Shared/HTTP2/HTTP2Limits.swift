/// What one HTTP/2 connection may ask of us. Every bound is announced in SETTINGS where HTTP/2 has
/// a setting for it, and enforced.
public struct HTTP2Limits: Hashable, Sendable {
  /// How many streams the peer may have open at once.
  public var concurrentStreamsMax: Int
  /// The longest header list accepted, counted as RFC 9113, 6.5.2 does: name, value and 32 bytes
  /// an entry.
  public var headerListBytesMax: Int
  /// How many bytes the peer may send ahead on one stream.
  public var streamWindowBytes: Int
  /// How many bytes the peer may send ahead on the whole connection.
  public var connectionWindowBytes: Int
  /// How many streams more may be reset by us than end well, before the peer counts as an abuser
  /// ("made you reset", CVE-2025-8671; header bombs).
  public var resetsMax: Int

  /// Limits with their defaults.
  public init(
    concurrentStreamsMax: Int = 128, headerListBytesMax: Int = 16_384,
    streamWindowBytes: Int = 262_144, connectionWindowBytes: Int = 4_194_304,
    resetsMax: Int = 200
  ) {
    self.concurrentStreamsMax = concurrentStreamsMax
    self.headerListBytesMax = headerListBytesMax
    self.streamWindowBytes = streamWindowBytes
    self.connectionWindowBytes = connectionWindowBytes
    self.resetsMax = resetsMax
  }
}
