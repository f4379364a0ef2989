internal import CProtobufC
internal import CWire
internal import Glibc

/// What generated code calls to read a field of a C message that `WireBacked.decode` has unpacked.
enum WireReader {
  /// The numbers that a field may have.
  private static let fieldNumbers: ClosedRange<UInt32> = 1...536_870_911

  /// A string: UTF-8 and without NUL, or refused.
  ///
  /// protobuf-c's own empty string stands where the field was not sent; any other is a block of the
  /// arena, whose size tells how long the wire said the string is.
  @inline(__always)
  static func string(
    _ c: UnsafeMutablePointer<CChar>?, _ field: StaticString
  ) throws(WireError) -> String {
    guard let c, UnsafePointer(c) != anju_empty_string() else { return "" }
    return try Self.sent(c, field)
  }

  private static func sent(
    _ c: UnsafeMutablePointer<CChar>, _ field: StaticString
  ) throws(WireError) -> String {
    let count = WireArena.size(ofBlock: c) - 1
    if memchr(c, 0, count) != nil { throw WireError(.stringHoldsNUL, at: "\(field)") }
    let utf8 = UnsafeRawBufferPointer(start: c, count: count).assumingMemoryBound(to: UInt8.self)
    // Not `String(validating:as:)`: it looks its encoding up at run time, at each string.
    guard let valid = try? UTF8Span(validating: utf8.span) else {
      throw WireError(.stringNotUTF8, at: "\(field)")
    }
    return String(copying: valid)
  }

  /// Bytes.
  @inline(__always)
  static func bytes(_ c: ProtobufCBinaryData) -> [UInt8] {
    Array(UnsafeBufferPointer(start: c.data, count: c.len))
  }

  /// A message, or nil where none was sent.
  @inline(__always)
  static func message<M: WireBacked>(
    _ c: UnsafeMutablePointer<M.C>?
  ) throws(WireError) -> M? {
    guard let c else { return nil }
    return try M(reading: c)
  }

  /// A oneof's message, which is there wherever its case is set.
  @inline(__always)
  static func present<M: WireBacked>(
    _ c: UnsafeMutablePointer<M.C>?, _ field: StaticString
  ) throws(WireError) -> M {
    guard let c else { throw WireError(.malformed, at: "\(field)") }
    return try M(reading: c)
  }

  /// A list of numbers.
  static func numbers<T>(_ count: Int, _ first: UnsafeMutablePointer<T>?) -> [T] {
    Array(UnsafeBufferPointer(start: first, count: count))
  }

  /// A list of bools, which are ints in C.
  static func bools(
    _ count: Int, _ first: UnsafeMutablePointer<protobuf_c_boolean>?
  ) -> [Bool] {
    Self.map(count, first) { $0 != 0 }
  }

  /// A list of what `convert` makes of each value.
  @inline(__always)
  static func map<T, U>(
    _ count: Int, _ first: UnsafeMutablePointer<T>?, _ convert: (T) -> U
  ) -> [U] {
    UnsafeBufferPointer(start: first, count: count).map(convert)
  }

  /// A list of bytes.
  static func bytes(
    _ count: Int, _ first: UnsafeMutablePointer<ProtobufCBinaryData>?
  ) -> [[UInt8]] {
    Self.map(count, first) { Self.bytes($0) }
  }

  /// A list of strings.
  static func strings(
    _ count: Int, _ first: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?,
    _ field: StaticString
  ) throws(WireError) -> [String] {
    var strings: [String] = []
    strings.reserveCapacity(count)
    for c in UnsafeBufferPointer(start: first, count: count) {
      strings.append(try Self.string(c, field))
    }
    return strings
  }

  /// A list of messages.
  static func messages<M: WireBacked>(
    _ count: Int, _ first: UnsafeMutablePointer<UnsafeMutablePointer<M.C>?>?
  ) throws(WireError) -> [M] {
    var messages: [M] = []
    messages.reserveCapacity(count)
    for case .some(let c) in UnsafeBufferPointer(start: first, count: count) {
      messages.append(try M(reading: c))
    }
    return messages
  }

  /// The fields this version does not know, key and value as they came. Refuses numbers that no
  /// field has: protobuf-c reads them, but nobody can write them so that others read the same.
  @inline(__always)
  static func unknownFields<C>(_ c: UnsafePointer<C>) throws(WireError) -> [UInt8] {
    let base = UnsafeRawPointer(c).assumingMemoryBound(to: ProtobufCMessage.self)
    return base.pointee.n_unknown_fields == 0 ? [] : try Self.copyUnknownFields(base)
  }

  private static func copyUnknownFields(
    _ base: UnsafePointer<ProtobufCMessage>
  ) throws(WireError) -> [UInt8] {
    var bytes: [UInt8] = []
    let fields = UnsafeBufferPointer(
      start: base.pointee.unknown_fields, count: Int(base.pointee.n_unknown_fields))
    for field in fields {
      guard Self.fieldNumbers.contains(field.tag) else {
        throw WireError(.malformed, at: "unknown fields")
      }
      var key = UInt64(field.tag) << 3 | UInt64(field.wire_type.rawValue)
      while key >= 0x80 {
        bytes.append(UInt8(truncatingIfNeeded: key) | 0x80)
        key >>= 7
      }
      bytes.append(UInt8(key))
      bytes += UnsafeBufferPointer(start: field.data, count: field.len)
    }
    return bytes
  }
}
