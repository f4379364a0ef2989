import DomainModel
import RPC

/// What one call's flows must keep to, of `TransportLimits`.
struct FlowBounds {
  /// How many bytes may wait to be sent before a writer is held back.
  let outboundBytesMax: Int
  /// The longest message accepted, in plain form.
  let messageBytesMax: Int
  /// The longest message sent, before compression.
  let sentMessageBytesMax: Int

  init(_ limits: TransportLimits) {
    self.outboundBytesMax = limits.outboundBytesMax
    self.messageBytesMax = limits.messageBytesMax
    self.sentMessageBytesMax = limits.sentMessageBytesMax
  }

  /// Throws `RESOURCE_EXHAUSTED` for a message that is too long to be sent.
  func check(_ message: [UInt8]) throws(ServiceError) {
    guard message.count <= self.sentMessageBytesMax else {
      throw ServiceError(
        code: .resourceExhausted,
        message: "A message to be sent has \(message.count) bytes; "
          + "at most \(self.sentMessageBytesMax) are allowed.")
    }
  }
}

// Messages are compressed and inflated by the task that writes or reads them: what waits to be read
// waits in its compressed form, and one message at a time is made large.
extension CallFlow {
  /// The plain form of a compressed message.
  nonisolated(nonsending) func inflated(
    _ message: FramedMessage
  ) async throws(ServiceError) -> [UInt8] {
    try await Gzip.inflated(message.bytes, upTo: self.bounds.messageBytesMax)
  }

  /// Whether a message is to be compressed: on a call that is, by its own choice or else its size.
  func wouldCompress(_ message: [UInt8], _ choice: Bool?) -> Bool {
    guard self.compression.isOn else { return false }
    return choice ?? (message.count >= MessageCompression.messageBytesMin)
  }
}
