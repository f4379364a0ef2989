import TestSupport

/// The draws of one part of a simulation. Each part has its own, so that one draw more in the
/// network changes none in the processes.
struct Chance: Sendable {
  /// What the part's own code is handed as its source of randomness.
  let source: SeededRandom

  /// The draws of `part` under a run's seed.
  init(seed: UInt64, of part: String) {
    // FNV-1a over the name.
    var mixed: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in part.utf8 { mixed = (mixed ^ UInt64(byte)) &* 0x100_0000_01B3 }
    self.source = SeededRandom(seed: mixed ^ (seed &* 0x9E37_79B9_7F4A_7C15))
  }

  func number(_ range: ClosedRange<Int>) -> Int {
    range.lowerBound + Int(self.source.next() % UInt64(range.count))
  }

  func happens(perMille: Int) -> Bool { self.number(0...999) < perMille }

  /// A time to wait, in milliseconds.
  func wait(_ range: ClosedRange<Int>) -> Int64 { Int64(self.number(range)) }
}
