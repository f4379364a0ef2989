import HTTP2

extension HTTP2Session {
  /// Queues a gRPC message: its prefix, then its bytes.
  func writeMessage(_ message: FramedMessage, on stream: HTTP2Stream) {
    let flag: UInt64 = message.isCompressed ? 1 : 0
    let prefix = BodyPrefix(flag << 32 | UInt64(UInt32(message.bytes.count)), count: 5)
    self.write(prefix, message.bytes, on: stream)
  }
}
