/// How a peer has abused its connection, which ends by it (`ENHANCE_YOUR_CALM`).
public enum HTTP2Abuse: String, Hashable, Sendable, CaseIterable {
  /// It made us reset stream after stream ("made you reset", CVE-2025-8671), or sent header lists
  /// over their limit: `HTTP2Limits.resetsMax`.
  case resets
  /// It reset its own streams ("rapid reset", CVE-2023-44487): `HTTP2Limits.cancelsMax`.
  case cancels
  /// It sent frames that bring no call forward: `HTTP2Limits.controlFramesMax`.
  case controlFrames = "control frames"
  /// One header block decoded to too much (an HPACK bomb): `HTTP2Limits.headerBlockBytesMax`. Or
  /// it came in more CONTINUATION frames than the eight that libnghttp2 reads (CVE-2024-27316).
  case headerBlock = "header block"
  /// It takes none of the frames that it makes us queue: `HTTP2Limits.queuedFramesMax`, or the
  /// 1,000 answers to SETTINGS and PING that libnghttp2 keeps.
  case queuedFrames = "queued frames"
  /// It asked for signs of life too often. What too often is, the session's owner says, who has the
  /// clock: `HTTP2Session.end(for:reason:)`.
  case pings
}
