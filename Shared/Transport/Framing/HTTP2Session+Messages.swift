import HTTP2

extension HTTP2Session {
  /// Queues a gRPC message: its prefix, then its bytes.
  func writeMessage(_ message: [UInt8], on stream: HTTP2Stream) {
    self.reserve(message.count + 5, on: stream)
    var prefix: (UInt8, UInt8, UInt8, UInt8, UInt8) = (0, 0, 0, 0, 0)
    let length = UInt32(message.count).bigEndian
    withUnsafeMutableBytes(of: &prefix) {
      $0.storeBytes(of: length, toByteOffset: 1, as: UInt32.self)
      self.write(UnsafeRawBufferPointer($0), on: stream)
    }
    message.withUnsafeBytes { self.write($0, on: stream) }
  }
}
