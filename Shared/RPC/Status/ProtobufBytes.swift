/// Writes the few protobuf fields that `google.rpc.Status` and its details need. The call layer
/// stands below the generated messages, so it carries these by hand.
struct ProtobufWriter {
  private(set) var bytes: [UInt8] = []

  /// An integer field; zero is not written, as proto3 says.
  mutating func integer(_ field: UInt64, _ value: Int64) {
    guard value != 0 else { return }
    self.varint(field << 3)
    self.varint(UInt64(bitPattern: value))
  }

  /// A string field; an empty one is not written.
  mutating func text(_ field: UInt64, _ value: String) {
    guard !value.isEmpty else { return }
    self.chunk(field, Array(value.utf8))
  }

  /// A sub-message.
  mutating func message(_ field: UInt64, _ write: (inout ProtobufWriter) -> Void) {
    var inner = ProtobufWriter()
    write(&inner)
    self.chunk(field, inner.bytes)
  }

  /// A length-delimited field, written also when empty.
  mutating func chunk(_ field: UInt64, _ value: [UInt8]) {
    self.varint(field << 3 | 2)
    self.varint(UInt64(value.count))
    self.bytes += value
  }

  private mutating func varint(_ value: UInt64) {
    var rest = value
    while rest > 0x7F {
      self.bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    self.bytes.append(UInt8(rest))
  }
}

/// Reads protobuf fields one after the other; stops at bytes that are none.
struct ProtobufReader {
  enum Value {
    case integer(Int64)
    case chunk(ArraySlice<UInt8>)
  }

  private var rest: ArraySlice<UInt8>

  init(_ bytes: ArraySlice<UInt8>) {
    self.rest = bytes
  }

  /// The next field; nil at the end, and at bytes that are no field.
  mutating func next() -> (field: UInt64, value: Value)? {
    while let key = self.varint() {
      switch key & 7 {
      case 0:
        guard let value = self.varint() else { return nil }
        return (key >> 3, .integer(Int64(bitPattern: value)))
      case 2:
        guard let count = self.varint(), let chunk = self.take(count) else { return nil }
        return (key >> 3, .chunk(chunk))
      case 1: guard self.take(8) != nil else { return nil }
      case 5: guard self.take(4) != nil else { return nil }
      default: return nil
      }
    }
    return nil
  }

  private mutating func take(_ count: UInt64) -> ArraySlice<UInt8>? {
    guard count <= UInt64(self.rest.count) else { return nil }
    defer { self.rest = self.rest.dropFirst(Int(count)) }
    return self.rest.prefix(Int(count))
  }

  private mutating func varint() -> UInt64? {
    var value: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 70, by: 7) {
      guard let byte = self.rest.popFirst() else { return nil }
      value |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return value }
    }
    return nil
  }
}

extension ProtobufReader.Value {
  /// The field as text; malformed UTF-8 is repaired.
  var text: String {
    guard case .chunk(let bytes) = self else { return "" }
    return String(decoding: bytes, as: UTF8.self)
  }
}
