import HTTP2

extension HTTP2Session {
  /// Queues a gRPC message: its prefix, then its bytes.
  func writeMessage(_ message: FramedMessage, on stream: HTTP2Stream) {
    let bytes = message.bytes
    self.reserve(bytes.count + 5, on: stream)
    var prefix: (UInt8, UInt8, UInt8, UInt8, UInt8) = (message.isCompressed ? 1 : 0, 0, 0, 0, 0)
    let length = UInt32(bytes.count).bigEndian
    withUnsafeMutableBytes(of: &prefix) {
      $0.storeBytes(of: length, toByteOffset: 1, as: UInt32.self)
      self.write(UnsafeRawBufferPointer($0), on: stream)
    }
    bytes.withUnsafeBytes { self.write($0, on: stream) }
  }
}
