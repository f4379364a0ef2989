/// A block of header fields in order, in one flat buffer: reading a request costs no allocation
/// per field.
public struct HeaderList: Hashable, Sendable {
  struct Field: Hashable {
    let nameEnd: Int
    let valueEnd: Int
  }

  private(set) var bytes: [UInt8] = []
  private(set) var fields: [Field] = []

  /// The list's size as RFC 9113, 6.5.2 counts it: name, value and 32 bytes an entry.
  public var listBytes: Int { self.bytes.count + 32 * self.fields.count }

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

  /// How many fields there are.
  public var count: Int { self.fields.count }

  /// Adds a field; the name must be lower case.
  public mutating func append(_ name: String, _ value: String) {
    self.bytes.append(contentsOf: name.utf8)
    let nameEnd = self.bytes.count
    self.bytes.append(contentsOf: value.utf8)
    self.fields.append(Field(nameEnd: nameEnd, valueEnd: self.bytes.count))
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
    self.bytes.append(contentsOf: name)
    let nameEnd = self.bytes.count
    self.bytes.append(contentsOf: value)
    self.fields.append(Field(nameEnd: nameEnd, valueEnd: self.bytes.count))
  }

  /// Empties the list and keeps its storage for the next block.
  mutating func reset() {
    self.bytes.removeAll(keepingCapacity: true)
    self.fields.removeAll(keepingCapacity: true)
    self.isTruncated = false
    self.offeredBytes = 0
  }

  /// Shows each field's name and value, in order; the pointers are valid during the call only.
  public func forEach(
    _ body: (UnsafeBufferPointer<UInt8>, UnsafeBufferPointer<UInt8>) throws -> Void
  ) rethrows {
    try self.bytes.withUnsafeBufferPointer { bytes in
      var start = 0
      for field in self.fields {
        try body(
          UnsafeBufferPointer(rebasing: bytes[start..<field.nameEnd]),
          UnsafeBufferPointer(rebasing: bytes[field.nameEnd..<field.valueEnd]))
        start = field.valueEnd
      }
    }
  }

  /// The first value under a name.
  public subscript(_ name: String) -> String? {
    var start = 0
    for field in self.fields {
      if self.bytes[start..<field.nameEnd].elementsEqual(name.utf8) {
        return String(decoding: self.bytes[field.nameEnd..<field.valueEnd], as: UTF8.self)
      }
      start = field.valueEnd
    }
    return nil
  }
}
