/// A message as it stands in the body of a stream, without its prefix.
struct FramedMessage: Hashable, Sendable {
  var bytes: [UInt8]
  /// Whether `bytes` are compressed with the encoding that the call's header fields name.
  var isCompressed = false
}
