import DomainModel

/// Cuts the body of a stream into gRPC messages: a flag, four bytes of length, the message.
struct MessageReader {
  /// The longest message accepted.
  let messageBytesMax: Int
  /// Whether the call names an encoding, so that a message may be compressed.
  let allowsCompressed: Bool

  private var prefix: [UInt8] = []
  private var message: [UInt8] = []
  private var isCompressed = false
  /// How long the message under way is; nil while its prefix is incomplete.
  private var expected: Int?

  init(messageBytesMax: Int, allowsCompressed: Bool = false) {
    self.messageBytesMax = messageBytesMax
    self.allowsCompressed = allowsCompressed
  }

  /// Whether the body may end here: no message is under way.
  var isAtBoundary: Bool { self.expected == nil && self.prefix.isEmpty }

  /// Takes bytes of the body and passes on each message that is complete. Throws the status that
  /// the call must end with.
  mutating func feed(
    _ bytes: UnsafeRawBufferPointer, _ pass: (FramedMessage) -> Void
  ) throws(ServiceError) {
    var rest = bytes[...]
    while !rest.isEmpty {
      guard let expected = try self.readPrefix(&rest) else { return }
      if self.message.isEmpty && rest.count >= expected {
        self.expected = nil
        pass(FramedMessage(bytes: [UInt8](rest.prefix(expected)), isCompressed: self.isCompressed))
        rest = rest.dropFirst(expected)
        continue
      }
      let part = rest.prefix(expected - self.message.count)
      self.message.append(contentsOf: part)
      rest = rest.dropFirst(part.count)
      guard self.message.count == expected else { return }
      self.expected = nil
      let whole = FramedMessage(bytes: self.message, isCompressed: self.isCompressed)
      self.message = []
      pass(whole)
    }
  }

  /// The length of the message under way; nil if more bytes are needed to know it.
  private mutating func readPrefix(
    _ rest: inout Slice<UnsafeRawBufferPointer>
  ) throws(ServiceError) -> Int? {
    if let expected = self.expected { return expected }
    var head: (UInt8, UInt32)
    if self.prefix.isEmpty && rest.count >= 5 {
      let raw = UnsafeRawBufferPointer(rebasing: rest.prefix(5))
      head = (raw[0], UInt32(bigEndian: raw.loadUnaligned(fromByteOffset: 1, as: UInt32.self)))
      rest = rest.dropFirst(5)
    } else {
      let part = rest.prefix(5 - self.prefix.count)
      self.prefix.append(contentsOf: part)
      rest = rest.dropFirst(part.count)
      guard self.prefix.count == 5 else { return nil }
      head = (self.prefix[0], self.prefix[1...].reduce(0) { $0 << 8 | UInt32($1) })
      self.prefix.removeAll(keepingCapacity: true)
    }
    let length = try self.check(flag: head.0, length: Int(head.1))
    self.isCompressed = head.0 == 1
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
