/// Cuts a stream of bytes into PDUs. In SMPP and in CMPP a PDU begins with its own length, four
/// bytes, big end first, which count too.
///
/// It never holds more than one PDU's bytes and those of the read that completed it: a length is
/// judged as soon as its four bytes are there.
package struct FrameBuffer {
  private let headerBytes: Int
  private let frameBytesMax: Int
  private var bytes: [UInt8] = []
  private var start = 0

  /// A buffer for a protocol whose header has so many bytes and whose longest PDU so many.
  package init(headerBytes: Int, frameBytesMax: Int) {
    self.headerBytes = headerBytes
    self.frameBytesMax = frameBytesMax
  }

  /// How many bytes wait for the rest of their PDU.
  package var waitingBytes: Int { self.bytes.count - self.start }

  /// Adds what was read.
  package mutating func append(_ read: some Collection<UInt8>) {
    if self.start > 0 {
      self.bytes.removeSubrange(..<self.start)
      self.start = 0
    }
    self.bytes += read
  }

  /// The next whole PDU, header included; nil until more is read.
  package mutating func next() throws(PDUFault) -> ArraySlice<UInt8>? {
    let rest = self.bytes[self.start...]
    guard rest.count >= 4 else { return nil }
    let length = rest.prefix(4).reduce(0) { $0 << 8 | Int($1) }
    guard length >= self.headerBytes else { throw .lengthTooSmall }
    guard length <= self.frameBytesMax else { throw .lengthTooLarge }
    guard rest.count >= length else { return nil }
    self.start += length
    return rest.prefix(length)
  }
}
