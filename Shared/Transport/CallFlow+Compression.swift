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

  /// A message's compressed form, or its plain one if that is smaller and nobody asked for this
  /// message to be compressed.
  nonisolated(nonsending) func compressed(
    _ message: [UInt8], isAskedFor: Bool
  ) async throws(ServiceError) -> FramedMessage {
    Self.smaller(try await Gzip.deflated(message), message, isAskedFor: isAskedFor)
  }

  static func smaller(
    _ compressed: [UInt8], _ plain: [UInt8], isAskedFor: Bool
  ) -> FramedMessage {
    compressed.count < plain.count || isAskedFor
      ? FramedMessage(bytes: compressed, isCompressed: true) : FramedMessage(bytes: plain)
  }

  /// Whether a message is to be compressed: on a call that is, by its own choice or else its size.
  func wouldCompress(_ message: [UInt8], _ choice: Bool?) -> Bool {
    guard self.compression.isOn else { return false }
    return choice ?? (message.count >= MessageCompression.messageBytesMin)
  }

  /// Throws `RESOURCE_EXHAUSTED` for a message that is too long to be sent.
  func checkSize(_ message: [UInt8]) throws(ServiceError) {
    let max = self.bounds.sentMessageBytesMax
    guard message.count <= max else {
      throw ServiceError(
        code: .resourceExhausted,
        message: "A message to be sent has \(message.count) bytes; at most \(max) are allowed.")
    }
  }
}
