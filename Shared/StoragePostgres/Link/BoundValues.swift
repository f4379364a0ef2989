import CPostgres
import Storage

/// The values of a statement laid out as libpq wants them. One of these is used again and again by
/// a connection, so that a statement costs no allocation of its own.
struct BoundValues {
  private var bytes: [UInt8] = []
  /// Where each value begins; -1 for NULL.
  private var starts: [Int] = []
  private var lengths: [Int32] = []
  private var formats: [Int32] = []
  private var pointers: [UnsafePointer<CChar>?] = []

  /// Lays the values out and calls the body with count, pointers, lengths and formats.
  mutating func with<Result>(
    _ values: [SQLValue],
    _ body: (
      Int32, UnsafePointer<UnsafePointer<CChar>?>?, UnsafePointer<Int32>?, UnsafePointer<Int32>?
    ) -> Result
  ) -> Result {
    self.bytes.removeAll(keepingCapacity: true)
    self.starts.removeAll(keepingCapacity: true)
    self.lengths.removeAll(keepingCapacity: true)
    for value in values { self.append(value) }
    // A value of no bytes at the very end still needs an address within.
    self.bytes.append(0)
    while self.formats.count < values.count { self.formats.append(1) }
    let starts = self.starts
    return self.bytes.withUnsafeBufferPointer { buffer in
      self.pointers.removeAll(keepingCapacity: true)
      buffer.withMemoryRebound(to: CChar.self) { characters in
        for start in starts {
          self.pointers.append(start < 0 ? nil : characters.baseAddress.map { $0 + start })
        }
      }
      return self.pointers.withUnsafeBufferPointer { pointers in
        body(Int32(values.count), pointers.baseAddress, self.lengths, self.formats)
      }
    }
  }

  private mutating func append(_ value: SQLValue) {
    let start = self.bytes.count
    switch value {
    case .null:
      self.starts.append(-1)
      self.lengths.append(0)
      return
    case .integer(let integer):
      withUnsafeBytes(of: integer.bigEndian) { self.bytes.append(contentsOf: $0) }
    case .text(let text): self.bytes.append(contentsOf: text.utf8)
    case .bytes(let content): self.bytes.append(contentsOf: content)
    }
    self.starts.append(start)
    self.lengths.append(Int32(self.bytes.count - start))
  }
}
