import DomainModel

/// Cuts the body of a stream into gRPC messages: a flag, four bytes of length, the message.
struct MessageReader {
  /// A flag and four bytes of length.
  private static let prefixBytes = 5

  /// The longest message accepted.
  let messageBytesMax: Int
  /// Whether the call names an encoding, so that a message may be compressed.
  let allowsCompressed: Bool

  /// The bytes of a prefix that has not come whole, the first one highest.
  private var prefix: UInt64 = 0
  private var prefixCount = 0
  private var message: [UInt8] = []
  private var isCompressed = false
  /// How long the message under way is; nil while its prefix is incomplete.
  private var expected: Int?

  init(messageBytesMax: Int, allowsCompressed: Bool = false) {
    self.messageBytesMax = messageBytesMax
    self.allowsCompressed = allowsCompressed
  }

  /// Whether the body may end here: no message is under way.
  var isAtBoundary: Bool { self.expected == nil && self.prefixCount == 0 }

  /// Takes bytes off the front of `bytes` up to the end of a message, and returns that; nil once
  /// all are taken. Throws the status that the call must end with.
  mutating func next(_ bytes: inout UnsafeRawBufferPointer) throws(ServiceError) -> FramedMessage? {
    guard let expected = try self.readPrefix(&bytes) else { return nil }
    if self.message.isEmpty && bytes.count >= expected {
      self.expected = nil
      let whole = [UInt8](UnsafeRawBufferPointer(rebasing: bytes.prefix(expected)))
      bytes = UnsafeRawBufferPointer(rebasing: bytes.dropFirst(expected))
      return FramedMessage(bytes: whole, isCompressed: self.isCompressed)
    }
    let part = bytes.prefix(expected - self.message.count)
    self.message.append(contentsOf: part)
    bytes = UnsafeRawBufferPointer(rebasing: bytes.dropFirst(part.count))
    guard self.message.count == expected else { return nil }
    self.expected = nil
    defer { self.message = [] }
    return FramedMessage(bytes: self.message, isCompressed: self.isCompressed)
  }

  /// The length of the message under way; nil if more bytes are needed to know it.
  private mutating func readPrefix(
    _ bytes: inout UnsafeRawBufferPointer
  ) throws(ServiceError) -> Int? {
    if let expected = self.expected { return expected }
    let head: (flag: UInt8, length: UInt32)
    if self.prefixCount == 0 && bytes.count >= Self.prefixBytes {
      let length = bytes.loadUnaligned(fromByteOffset: 1, as: UInt32.self)
      head = (bytes[0], UInt32(bigEndian: length))
      bytes = UnsafeRawBufferPointer(rebasing: bytes.dropFirst(Self.prefixBytes))
    } else {
      let part = bytes.prefix(Self.prefixBytes - self.prefixCount)
      for byte in part { self.prefix = self.prefix << 8 | UInt64(byte) }
      self.prefixCount += part.count
      bytes = UnsafeRawBufferPointer(rebasing: bytes.dropFirst(part.count))
      guard self.prefixCount == Self.prefixBytes else { return nil }
      head = (UInt8(self.prefix >> 32), UInt32(truncatingIfNeeded: self.prefix))
      self.prefix = 0
      self.prefixCount = 0
    }
    let length = try self.check(flag: head.flag, length: Int(head.length))
    self.isCompressed = head.flag == 1
    self.expected = length
    return length
  }

  private func check(flag: UInt8, length: Int) throws(ServiceError) -> Int {
    guard flag == 0 || (flag == 1 && self.allowsCompressed) else {
      let message =
        flag == 1
        ? "A message is marked as compressed, but the call names no encoding."
        : "A message starts with a flag that gRPC does not know."
      throw ServiceError(code: .internal, message: message)
    }
    guard length <= self.messageBytesMax else {
      throw ServiceError(
        code: .resourceExhausted,
        message: "A message has \(length) bytes; at most \(self.messageBytesMax) are allowed.")
    }
    return length
  }
}
