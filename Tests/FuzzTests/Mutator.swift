import TestSupport

/// Makes inputs out of others, the same for the same seed.
struct Mutator {
  /// The longest input.
  static let bytesMax = 8_192
  /// How many changes one input gets at most.
  private static let changesMax = 6
  /// Bytes on which decoders turn.
  private static let telling: [UInt8] = [0, 1, 0x7F, 0x80, 0xFE, 0xFF, 0x20, 0x3F, 0x40, 0xBE]

  private var random: SeededRandom
  private let corpus: [[UInt8]]

  init(seed: UInt64, corpus: [[UInt8]]) {
    self.random = SeededRandom(seed: seed)
    self.corpus = corpus
  }

  mutating func next() -> [UInt8] {
    var input = self.corpus.randomElement(using: &self.random) ?? []
    for _ in 0..<Int.random(in: 1...Self.changesMax, using: &self.random) { self.change(&input) }
    return Array(input.prefix(Self.bytesMax))
  }

  private mutating func change(_ input: inout [UInt8]) {
    let place = Int.random(in: 0...input.count, using: &self.random)
    let end = min(place + Int.random(in: 1...32, using: &self.random), input.count)
    switch Int.random(in: 0..<8, using: &self.random) {
    case 0 where place < input.count:
      input[place] ^= 1 << UInt8.random(in: 0..<8, using: &self.random)
    case 1 where place < input.count: input[place] = UInt8.random(in: 0...255, using: &self.random)
    case 2 where place < input.count: input[place] = self.tellingByte()
    case 3: input.insert(self.tellingByte(), at: place)
    case 4: input.removeSubrange(place..<end)
    case 5: input.insert(contentsOf: input[place..<end], at: place)
    case 6:
      // The beginning of one, the end of another.
      let other = self.corpus.randomElement(using: &self.random) ?? []
      let from = Int.random(in: 0...other.count, using: &self.random)
      input = Array(input[..<place] + other[from...])
    default: input.insert(contentsOf: self.random.bytes(end - place), at: place)
    }
  }

  private mutating func tellingByte() -> UInt8 {
    Self.telling.randomElement(using: &self.random) ?? 0
  }
}
