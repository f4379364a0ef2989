internal import CWire
internal import Glibc

/// What generated code calls to write a field: values are copied into the arena, where their
/// address holds until the message is packed.
extension WireArena {
  /// A list as C has it.
  typealias List<T> = (Int, UnsafeMutablePointer<T>?)

  /// Sets a string; an empty one stays as the C message was made.
  @inline(__always)
  mutating func write(
    _ value: String, to member: inout UnsafeMutablePointer<CChar>?, _ field: StaticString
  ) throws(WireError) {
    if !value.isEmpty { member = try self.string(value, field) }
  }

  /// A string with its NUL at the end, in a block of its own even where it is empty: protobuf-c
  /// leaves a oneof out that points to its own empty string.
  mutating func string(
    _ value: String, _ field: StaticString
  ) throws(WireError) -> UnsafeMutablePointer<CChar> {
    var value = value
    var isCut = false
    let copy = value.withUTF8 { (utf8) -> UnsafeMutableRawPointer? in
      guard let block = self.block(utf8.count + 1) else { return nil }
      if let first = utf8.baseAddress { memcpy(block, first, utf8.count) }
      isCut = memchr(block, 0, utf8.count) != nil
      block.storeBytes(of: 0, toByteOffset: utf8.count, as: UInt8.self)
      return block
    }
    guard let copy else { throw WireError(.tooLarge, at: "\(field)") }
    if isCut { throw WireError(.stringHoldsNUL, at: "\(field)") }
    return copy.assumingMemoryBound(to: CChar.self)
  }

  /// Bytes.
  mutating func bytes(_ value: [UInt8]) throws(WireError) -> ProtobufCBinaryData {
    if value.isEmpty { return ProtobufCBinaryData(len: 0, data: nil) }
    guard let block = self.block(value.count) else { throw WireError(.tooLarge, at: "bytes") }
    value.withUnsafeBytes {
      block.copyMemory(from: $0.baseAddress ?? UnsafeRawPointer(block), byteCount: $0.count)
    }
    return ProtobufCBinaryData(len: value.count, data: block.assumingMemoryBound(to: UInt8.self))
  }

  /// A message.
  mutating func message<M: WireBacked>(
    _ value: M
  ) throws(WireError) -> UnsafeMutablePointer<M.C> {
    let c = try self.blank(M.self)
    try value.write(to: c, &self)
    if !value.unknownFields.isEmpty { try self.attach(value.unknownFields, to: M.base(c)) }
    return c
  }

  /// A message that may be absent.
  @inline(__always)
  mutating func optionalMessage<M: WireBacked>(
    _ value: M?
  ) throws(WireError) -> UnsafeMutablePointer<M.C>? {
    guard let value else { return nil }
    return try self.message(value)
  }

  /// A C message as its generated function makes it.
  @inline(__always)
  mutating func blank<M: WireBacked>(
    _ type: M.Type
  ) throws(WireError) -> UnsafeMutablePointer<M.C> {
    guard let block = self.block(MemoryLayout<M.C>.size) else {
      throw WireError(.tooLarge, at: "\(M.self)")
    }
    let c = block.bindMemory(to: M.C.self, capacity: 1)
    M.start(c)
    return c
  }

  /// A list of numbers, bools or enums.
  mutating func map<S, T>(_ values: [S], _ convert: (S) -> T) throws(WireError) -> List<T> {
    try self.list(values) { (value, _) throws(WireError) -> T in convert(value) }
  }

  /// A list of strings.
  mutating func strings(
    _ values: [String], _ field: StaticString
  ) throws(WireError) -> List<UnsafeMutablePointer<CChar>?> {
    try self.list(values) { (value, arena) throws(WireError) in try arena.string(value, field) }
  }

  /// A list of bytes.
  mutating func bytes(_ values: [[UInt8]]) throws(WireError) -> List<ProtobufCBinaryData> {
    try self.list(values) { (value, arena) throws(WireError) in try arena.bytes(value) }
  }

  /// A list of messages.
  mutating func messages<M: WireBacked>(
    _ values: [M]
  ) throws(WireError) -> List<UnsafeMutablePointer<M.C>?> {
    try self.list(values) { (value, arena) throws(WireError) in try arena.message(value) }
  }

  @inline(__always)
  private mutating func list<S, T>(
    _ values: [S], _ convert: (S, inout WireArena) throws(WireError) -> T
  ) throws(WireError) -> List<T> {
    if values.isEmpty { return (0, nil) }
    guard let block = self.block(values.count * MemoryLayout<T>.stride) else {
      throw WireError(.tooLarge, at: "list")
    }
    let first = block.bindMemory(to: T.self, capacity: values.count)
    for index in values.indices {
      (first + index).initialize(to: try convert(values[index], &self))
    }
    return (values.count, first)
  }

  /// Puts unknown fields back. protobuf-c writes a key and then copies; the first field's key is
  /// enough, since what follows it, further fields included, is copied as it stands.
  private mutating func attach(
    _ fields: [UInt8], to base: UnsafeMutablePointer<ProtobufCMessage>
  ) throws(WireError) {
    var key: UInt32 = 0
    var keyBytes = 0
    for byte in fields.prefix(5) {
      key |= UInt32(byte & 0x7F) << UInt32(7 * keyBytes)
      keyBytes += 1
      if byte < 0x80 { break }
    }
    let rest = try self.bytes(Array(fields.dropFirst(keyBytes)))
    guard let block = self.block(MemoryLayout<ProtobufCMessageUnknownField>.size) else {
      throw WireError(.tooLarge, at: "unknown fields")
    }
    let field = block.bindMemory(to: ProtobufCMessageUnknownField.self, capacity: 1)
    field.initialize(
      to: ProtobufCMessageUnknownField(
        tag: key >> 3, wire_type: ProtobufCWireType(key & 7), len: rest.len, data: rest.data))
    base.pointee.n_unknown_fields = 1
    base.pointee.unknown_fields = field
  }
}
