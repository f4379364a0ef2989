internal import CWire
internal import Glibc

/// The memory of one message's C side: many small blocks from few chunks, all freed at once.
///
/// The first chunk lies on the stack, so a small message costs no allocation. The ceiling stands
/// against messages that are small on the wire and huge in memory: half a million empty
/// sub-messages are 1 MiB on the wire.
///
/// Every block is preceded by its size. protobuf-c hides where a string ends, but asks for exactly
/// one byte more than the string has: so the size tells what the wire said, and a NUL inside is
/// seen.
struct WireArena {
  /// How much memory one message may take on its C side.
  static let bytesMax = 16 << 20
  private static let stackBytes = 1024
  private static let firstChunkBytes = 4 << 10
  private static let chunkBytesMax = 64 << 10
  /// A block's size, or a chunk's link to the chunk before; keeps what follows aligned.
  private static let headerBytes = 8

  private var next: UnsafeMutableRawPointer
  private var end: UnsafeMutableRawPointer
  /// The newest chunk from the heap; each begins with the address of the one before.
  private var newest: UnsafeMutableRawPointer?
  private var chunkBytes = Self.firstChunkBytes
  private var remaining: Int
  /// Whether a block was refused.
  private(set) var isExhausted = false

  private init(first chunk: UnsafeMutableRawBufferPointer, bytesMax: Int) {
    guard let start = chunk.baseAddress else { preconditionFailure("the stack's chunk is empty") }
    self.next = start
    self.end = start + chunk.count
    self.remaining = bytesMax - chunk.count
  }

  /// Runs `body` with an arena and frees it.
  static func with<R>(
    bytesMax: Int = Self.bytesMax, _ body: (inout WireArena) throws(WireError) -> R
  ) throws(WireError) -> R {
    try withUnsafeTemporaryAllocation(byteCount: Self.stackBytes, alignment: 16) {
      (chunk) throws(WireError) -> R in
      var arena = WireArena(first: chunk, bytesMax: bytesMax)
      defer { arena.freeChunks() }
      return try body(&arena)
    }
  }

  /// A block of `size` bytes, aligned to 8; nil beyond the ceiling. What it holds is undefined.
  @inline(__always)
  mutating func block(_ size: Int) -> UnsafeMutableRawPointer? {
    // `end` is at least `next`; a size near Int.max must not overflow.
    guard size >= 0, size <= Self.bytesMax else { return self.refuse() }
    let needed = Self.headerBytes + (size + 7) & ~7
    if needed > self.end - self.next, !self.grow(toHold: needed) { return self.refuse() }
    self.next.storeBytes(of: size, as: Int.self)
    defer { self.next += needed }
    return self.next + Self.headerBytes
  }

  /// The size that was asked for when this block was made.
  @inline(__always)
  static func size(ofBlock block: UnsafeRawPointer) -> Int {
    (block - Self.headerBytes).load(as: Int.self)
  }

  private mutating func refuse() -> UnsafeMutableRawPointer? {
    self.isExhausted = true
    return nil
  }

  private mutating func grow(toHold needed: Int) -> Bool {
    let size = max(min(self.chunkBytes, self.remaining), needed + Self.headerBytes)
    guard size <= self.remaining, let chunk = malloc(size) else { return false }
    chunk.storeBytes(of: self.newest, as: UnsafeMutableRawPointer?.self)
    self.newest = chunk
    self.remaining -= size
    self.chunkBytes = min(2 * self.chunkBytes, Self.chunkBytesMax)
    self.next = chunk + Self.headerBytes
    self.end = chunk + size
    return true
  }

  private mutating func freeChunks() {
    while let chunk = self.newest {
      self.newest = chunk.load(as: UnsafeMutableRawPointer?.self)
      free(chunk)
    }
  }

  /// What protobuf-c calls; `arena` is the address of a `WireArena`. Its blocks end with the arena.
  static func allocator(on arena: UnsafeMutablePointer<WireArena>) -> ProtobufCAllocator {
    ProtobufCAllocator(
      alloc: { arena, size in
        arena?.assumingMemoryBound(to: WireArena.self).pointee.block(size)
      },
      free: { _, _ in }, allocator_data: arena)
  }
}
