import CZlib
import DomainModel

/// gzip (RFC 1952) for single messages. It keeps nothing between messages: a message's own size
/// says how large the tables must be, so that a short one costs little.
enum Gzip {
  /// Fast rather than small: the messages that are worth it hold text that repeats itself, which
  /// every level finds.
  private static let level = Z_BEST_SPEED
  /// The shortest gzip member: header and trailer of 18 bytes around an empty block of two.
  private static let memberBytesMin = 20
  /// How much longer than its compressed form a message can be (zlib's own documentation: 1032:1).
  private static let ratioMax = 1_032

  /// How long the message says it is in plain form. Throws `RESOURCE_EXHAUSTED` if that is over
  /// `bytesMax`, before anything is inflated, and `INTERNAL` for bytes that cannot be gzip.
  ///
  /// The last four bytes say it (RFC 1952, ISIZE). They may lie; then `inflate` stops there.
  static func plainBytes(
    of message: [UInt8], upTo bytesMax: Int
  ) throws(ServiceError) -> Int {
    guard message.count >= self.memberBytesMin, message[0] == 0x1F, message[1] == 0x8B else {
      throw self.corrupt
    }
    let size = message.suffix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
    guard size <= bytesMax else {
      throw ServiceError(
        code: .resourceExhausted,
        message: "A message inflates to \(size) bytes; at most \(bytesMax) are allowed.")
    }
    guard size / self.ratioMax <= message.count else { throw self.corrupt }
    return size
  }

  /// The plain form of a message. Never writes more than it says to be long, which is at most
  /// `bytesMax`; a message that goes on after that, ends before, or is damaged is `INTERNAL`.
  static func inflate(_ message: [UInt8], upTo bytesMax: Int) throws(ServiceError) -> [UInt8] {
    let size = try self.plainBytes(of: message, upTo: bytesMax)
    var stream = z_stream()
    guard
      inflateInit2_(
        &stream, MAX_WBITS + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK
    else { throw self.noMemory }
    defer { inflateEnd(&stream) }
    var isWhole = false
    let plain = [UInt8](unsafeUninitializedCapacity: max(size, 1)) { output, count in
      let result = self.run(&stream, message, into: output.prefix(size), CZlib.inflate)
      isWhole = result == Z_STREAM_END && stream.avail_in == 0 && stream.avail_out == 0
      count = isWhole ? size : 0
    }
    guard isWhole else { throw self.corrupt }
    return plain
  }

  /// The compressed form of a message.
  static func deflate(_ message: [UInt8]) throws(ServiceError) -> [UInt8] {
    var stream = z_stream()
    // Tables that fit the message: zlib clears them all, which for a kilobyte would be the work.
    var windowBits = Int32(9)
    while windowBits < MAX_WBITS && message.count > 1 << windowBits { windowBits += 1 }
    guard
      deflateInit2_(
        &stream, self.level, Z_DEFLATED, windowBits + 16, max(windowBits - 7, 1),
        Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK
    else { throw self.noMemory }
    defer { deflateEnd(&stream) }
    let bound = Int(deflateBound(&stream, UInt(message.count)))
    var isWhole = false
    let compressed = [UInt8](unsafeUninitializedCapacity: bound) { output, count in
      let result = self.run(&stream, message, into: output[...], CZlib.deflate)
      isWhole = result == Z_STREAM_END
      count = isWhole ? bound - Int(stream.avail_out) : 0
    }
    guard isWhole else { throw self.noMemory }
    return compressed
  }

  /// Gives zlib the whole input and the whole room for its output at once.
  private static func run(
    _ stream: inout z_stream, _ input: [UInt8],
    into output: Slice<UnsafeMutableBufferPointer<UInt8>>,
    _ step: (UnsafeMutablePointer<z_stream>, Int32) -> Int32
  ) -> Int32 {
    input.withUnsafeBufferPointer { input in
      // zlib does not write to its input, its C declaration only fails to say so.
      stream.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
      stream.avail_in = UInt32(input.count)
      stream.next_out = output.base.baseAddress
      stream.avail_out = UInt32(output.count)
      return step(&stream, Z_FINISH)
    }
  }

  private static let corrupt = ServiceError(
    code: .internal, message: "A compressed message is no gzip.")
  private static let noMemory = ServiceError(
    code: .resourceExhausted, message: "There is no memory to compress a message.")
}
