public import DomainModel
internal import Synchronization

/// Bytes and numbers that look random and come out the same for the same seed (SplitMix64).
public final class SeededRandom: RandomSource, RandomNumberGenerator {
  private let state: Mutex<UInt64>

  /// A generator; print the seed when a test fails.
  public init(seed: UInt64 = 1) {
    self.state = Mutex(seed)
  }

  /// Another generator that goes on from here in the same way: it tells what this one will say.
  public func copy() -> SeededRandom {
    SeededRandom(seed: self.state.withLock { $0 })
  }

  /// The next number of the sequence.
  public func next() -> UInt64 {
    self.state.withLock { state in
      state &+= 0x9E37_79B9_7F4A_7C15
      var mixed = state
      mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
      mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
      return mixed ^ (mixed >> 31)
    }
  }

  /// The next bytes of the sequence.
  public func bytes(_ count: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count + 8)
    while bytes.count < count {
      withUnsafeBytes(of: self.next().littleEndian) { bytes.append(contentsOf: $0) }
    }
    return Array(bytes.prefix(count))
  }
}
