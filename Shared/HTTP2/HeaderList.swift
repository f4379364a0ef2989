/// A block of header fields in order, in one flat buffer: reading a request costs no allocation
/// per field, and a list is handed on as one reference.
public struct HeaderList: Hashable, Sendable {
  /// What stands before each field: how long its name and its value are, each in four bytes.
  private static let lengthsBytes = 8

  private var bytes: [UInt8] = []
  /// How many fields there are.
  public private(set) var count = 0
  /// Whether fields were left out because the list was over its limit.
  public private(set) var isTruncated = false
  /// The size of all fields that the peer has sent, those left out as well.
  private(set) var offeredBytes = 0

  /// No fields.
  public init() {}

  /// Fields in the order written; names must be lower case.
  public init(_ fields: KeyValuePairs<String, String>) {
    for (name, value) in fields { self.append(name, value) }
  }

  /// The list's size as RFC 9113, 6.5.2 counts it: name, value and 32 bytes an entry.
  public var listBytes: Int { self.bytes.count + (32 - Self.lengthsBytes) * self.count }

  /// Adds a field; the name must be lower case.
  public mutating func append(_ name: String, _ value: String) {
    var (name, value) = (name, value)
    name.withUTF8 { name in
      value.withUTF8 { value in self.append(name, value) }
    }
  }

  /// Adds a field that the peer has sent, unless the list would then be over its limits.
  mutating func append(
    name: UnsafeBufferPointer<UInt8>, value: UnsafeBufferPointer<UInt8>, within limits: HTTP2Limits
  ) {
    let size = name.count + value.count + 32
    self.offeredBytes += size
    let listBytes = self.listBytes + size
    guard listBytes <= limits.headerListBytesMax, self.count < limits.headerFieldsMax else {
      self.isTruncated = true
      return
    }
    self.append(name, value)
  }

  private mutating func append(
    _ name: UnsafeBufferPointer<UInt8>, _ value: UnsafeBufferPointer<UInt8>
  ) {
    let size = Self.lengthsBytes + name.count + value.count
    // In one go: the buffer is asked once whether it is ours and has room.
    self.bytes.append(addingCapacity: size) { span in
      span.withUnsafeMutableBufferPointer { buffer, written in
        let field = UnsafeMutableRawBufferPointer(buffer)
        field.storeBytes(of: UInt32(name.count), as: UInt32.self)
        field.storeBytes(of: UInt32(value.count), toByteOffset: 4, as: UInt32.self)
        let text = UnsafeMutableRawBufferPointer(rebasing: field[Self.lengthsBytes...])
        text.copyMemory(from: UnsafeRawBufferPointer(name))
        UnsafeMutableRawBufferPointer(rebasing: text[name.count...])
          .copyMemory(from: UnsafeRawBufferPointer(value))
        written = size
      }
    }
    self.count += 1
  }

  /// Empties the list and keeps its storage for the next block.
  mutating func reset() {
    self.bytes.removeAll(keepingCapacity: true)
    self.count = 0
    self.isTruncated = false
    self.offeredBytes = 0
  }

  /// Shows each field's name and value, in order; the pointers are valid during the call only.
  public func forEach(
    _ body: (UnsafeBufferPointer<UInt8>, UnsafeBufferPointer<UInt8>) throws -> Void
  ) rethrows {
    try self.bytes.withUnsafeBytes { bytes in
      guard var at = bytes.baseAddress else { return }
      for _ in 0..<self.count {
        let nameCount = Int(at.loadUnaligned(as: UInt32.self))
        let valueCount = Int(at.loadUnaligned(fromByteOffset: 4, as: UInt32.self))
        let name = (at + Self.lengthsBytes).assumingMemoryBound(to: UInt8.self)
        let value = name + nameCount
        try body(
          UnsafeBufferPointer(start: name, count: nameCount),
          UnsafeBufferPointer(start: value, count: valueCount))
        at = UnsafeRawPointer(value + valueCount)
      }
    }
  }

  /// The first value under a name.
  public subscript(_ name: String) -> String? {
    var name = name
    return name.withUTF8 { wanted in
      var found: String?
      self.forEach { name, value in
        guard found == nil, name.count == wanted.count, name.elementsEqual(wanted) else { return }
        found = String(decoding: value, as: UTF8.self)
      }
      return found
    }
  }
}

extension HeaderList {
  /// What a server's header block is.
  enum Kind {
    /// An informational response (1xx).
    case informational
    case response
    case trailers
  }

  /// Told by `:status`, which stands before all other fields (RFC 9113, 8.3) and not in trailers.
  var kind: Kind {
    // The lengths of the first field, its name, its value.
    guard self.count > 0, self.bytes[Self.lengthsBytes...].starts(with: ":status".utf8) else {
      return .trailers
    }
    let value = self.bytes[(Self.lengthsBytes + ":status".utf8.count)...]
    return value.first == UInt8(ascii: "1") ? .informational : .response
  }
}
