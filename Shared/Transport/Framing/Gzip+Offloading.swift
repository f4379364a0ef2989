import DomainModel
import NIOPosix

// What takes long runs on NIO's pool of threads, so that no event loop stands still for it. Each
// call has at most one message there, because its reader or writer waits for it.
extension Gzip {
  /// The longest message that is inflated on an event loop, in bytes of its plain form: some 100 µs
  /// of work.
  static let inlineInflateBytesMax = 32_768
  /// The longest message that is compressed on an event loop, in bytes: some 100 µs of work.
  static let inlineDeflateBytesMax = 8_192

  /// The plain form of a message; see `inflate(_:upTo:)`.
  nonisolated(nonsending) static func inflated(
    _ message: [UInt8], upTo bytesMax: Int
  ) async throws(ServiceError) -> [UInt8] {
    let size = try self.plainBytes(of: message, upTo: bytesMax)
    guard size > self.inlineInflateBytesMax else {
      return try self.inflate(message, upTo: bytesMax)
    }
    return try await self.offload { () throws(ServiceError) in
      try self.inflate(message, upTo: bytesMax)
    }.get()
  }

  /// A message's compressed form, or its plain one if that is smaller and nobody asked for this
  /// message to be compressed.
  nonisolated(nonsending) static func framed(
    _ message: [UInt8], isAskedFor: Bool
  ) async throws(ServiceError) -> FramedMessage {
    let small = try await self.deflated(message)
    guard small.count < message.count || isAskedFor else { return FramedMessage(bytes: message) }
    return FramedMessage(bytes: small, isCompressed: true)
  }

  private nonisolated(nonsending) static func deflated(
    _ message: [UInt8]
  ) async throws(ServiceError) -> [UInt8] {
    guard message.count > self.inlineDeflateBytesMax else { return try self.deflate(message) }
    return try await self.offload { () throws(ServiceError) in try self.deflate(message) }.get()
  }

  /// Runs `work` on the pool.
  private nonisolated(nonsending) static func offload(
    _ work: @escaping @Sendable () throws(ServiceError) -> [UInt8]
  ) async -> Result<[UInt8], ServiceError> {
    await withUnsafeContinuation { continuation in
      NIOThreadPool.singleton.submit { _ in continuation.resume(returning: Result(catching: work)) }
    }
  }
}
