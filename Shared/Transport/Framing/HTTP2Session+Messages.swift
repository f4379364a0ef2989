import HTTP2

extension HTTP2Session {
  /// Queues a gRPC message: its prefix, then its bytes.
  func writeMessage(_ message: FramedMessage, on stream: HTTP2Stream) {
    var prefix: (UInt8, UInt8, UInt8, UInt8, UInt8) = (message.isCompressed ? 1 : 0, 0, 0, 0, 0)
    let length = UInt32(message.bytes.count).bigEndian
    withUnsafeMutableBytes(of: &prefix) { prefix in
      prefix.storeBytes(of: length, toByteOffset: 1, as: UInt32.self)
      message.bytes.withUnsafeBytes {
        self.write(UnsafeRawBufferPointer(prefix), $0, on: stream)
      }
    }
  }
}
