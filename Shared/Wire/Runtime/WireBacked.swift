internal import CWire
internal import RPC

/// A message that travels through a C struct of protoc-c. Only generated code conforms.
protocol WireBacked: WireMessage {
  /// The C struct. It begins with a `ProtobufCMessage`.
  associatedtype C
  /// Calls the generated `…__init`, which alone knows the descriptor's real address: in Swift, the
  /// address of an imported C constant is that of a copy.
  static func start(_ c: UnsafeMutablePointer<C>)
  /// Reads the C struct, which `decode` has unpacked.
  init(reading c: UnsafePointer<C>) throws(WireError)
  /// Writes the fields into a C struct that `start` has made.
  func write(to c: UnsafeMutablePointer<C>, _ arena: inout WireArena) throws(WireError)
  /// The fields this version does not know, as they came.
  var unknownFields: [UInt8] { get }
}

extension WireBacked {
  /// The struct's beginning.
  @inline(__always)
  static func base(_ c: UnsafeMutablePointer<C>) -> UnsafeMutablePointer<ProtobufCMessage> {
    UnsafeMutableRawPointer(c).assumingMemoryBound(to: ProtobufCMessage.self)
  }

  /// Reads a message.
  @inline(__always)
  static func decode(
    _ bytes: [UInt8], bytesMax: Int = WireArena.bytesMax
  ) throws(WireError) -> Self {
    try WireArena.with(bytesMax: bytesMax) { (arena) throws(WireError) -> Self in
      let descriptor = Self.base(try arena.blank(Self.self)).pointee.descriptor
      let message = withUnsafeMutablePointer(to: &arena) { arena in
        var allocator = WireArena.allocator(on: arena)
        return protobuf_c_message_unpack(descriptor, &allocator, bytes.count, bytes)
      }
      guard let message else {
        throw WireError(arena.isExhausted ? .tooLarge : .malformed, at: "\(Self.self)")
      }
      return try Self(reading: UnsafeRawPointer(message).assumingMemoryBound(to: C.self))
    }
  }

  /// Writes the message.
  @inline(__always)
  func encode(bytesMax: Int = WireArena.bytesMax) throws(WireError) -> [UInt8] {
    try WireArena.with(bytesMax: bytesMax) { (arena) throws(WireError) -> [UInt8] in
      let base = Self.base(try arena.message(self))
      let count = protobuf_c_message_get_packed_size(base)
      // All empty arrays are one, which two threads would write their count into.
      if count == 0 { return [] }
      return [UInt8](unsafeUninitializedCapacity: count) { bytes, written in
        if let first = bytes.baseAddress { written = protobuf_c_message_pack(base, first) }
      }
    }
  }
}
