/// What one HTTP/2 connection may ask of us. Every bound is announced in SETTINGS where HTTP/2 has
/// a setting for it, and enforced.
public struct HTTP2Limits: Hashable, Sendable {
  /// How many streams the peer may have open at once.
  public var concurrentStreamsMax: Int
  /// The longest header list accepted, counted as RFC 9113, 6.5.2 does: name, value and 32 bytes
  /// an entry. A longer one is cut, and its call refused.
  public var headerListBytesMax: Int
  /// How many bytes the peer may send ahead on one stream.
  public var streamWindowBytes: Int
  /// How many bytes the peer may send ahead on the whole connection.
  public var connectionWindowBytes: Int
  /// How many streams more may be reset by us, or have their header list cut, than end well, before
  /// the peer counts as an abuser ("made you reset", CVE-2025-8671). One a second is forgiven.
  public var resetsMax: Int
  /// How many fields a header list may have; a longer one is cut, and its call refused.
  public var headerFieldsMax = 128
  /// The size, counted as a header list's, at which a header block ends its connection unread: a
  /// few bytes can stand for very many (an HPACK bomb).
  public var headerBlockBytesMax = 65_536
  /// How many streams more may be reset by the peer than end well ("rapid reset", CVE-2023-44487).
  /// A thirty-second of it is forgiven each second.
  public var cancelsMax = 1_000
  /// How many frames that bring no call forward the peer may send: SETTINGS, PING, PRIORITY,
  /// WINDOW_UPDATE, empty DATA, frames of unknown types or on streams long closed. Requests and
  /// answers earn them back, and a sixteenth of it is forgiven each second.
  public var controlFramesMax = 1_000
  /// How many frames of ours may wait for a peer that takes none.
  public var queuedFramesMax = 2_000

  /// How many requests a client makes on one connection, after which it needs another one; by
  /// default all that there are stream numbers for.
  public var requestsMax = 1 << 30

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
