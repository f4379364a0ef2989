import DomainModel
import PermitProof
import TestSupport
import Testing

/// Strangers' bytes, whole: what is altered anywhere is never valid, and nothing ends the process.
@Suite struct VerifierFuzzTests {
  @Test(arguments: 1...4 as ClosedRange<UInt64>)
  func `no altered evidence is valid`(_ seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    let registry = try SampleRegistry(seed: seed)
    let issued = try (0..<5).map { try registry.issue($0) }
    let listed = Revocation(try registry.identifier(), .lost)
    let good = try registry.evidence(of: issued[2], revoked: [listed])
    let verifier = Verifier(trusting: try registry.ring())
    #expect(verifier.verify(good, asOf: SampleRegistry.now).verdict == .valid)
    for round in 0..<150 {
      var evidence = good
      switch round % 5 {
      case 0: evidence.document.mutate(&random)
      case 1: evidence.signature.mutate(&random)
      case 2: evidence.proof?.mutate(&random)
      case 3: evidence.head?.mutate(&random)
      default: evidence.snapshot?.mutate(&random)
      }
      if evidence == good { continue }
      let found = verifier.verify(evidence, asOf: SampleRegistry.now)
      #expect(found.verdict != .valid, "seed \(seed), round \(round)")
    }
  }

  @Test(arguments: 1...4 as ClosedRange<UInt64>)
  func `no altered code is genuine`(_ seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    let registry = try SampleRegistry(seed: seed)
    let good = try registry.code(of: try registry.issue()).text
    let verifier = Verifier(trusting: try registry.ring())
    for round in 0..<300 {
      var bytes = Array(good.utf8)
      bytes.mutate(&random)
      let text = String(decoding: bytes, as: UTF8.self)
      if text == good { continue }
      let found = verifier.verify(code: text, asOf: SampleRegistry.now)
      #expect(!found.isGenuine, "seed \(seed), round \(round)")
    }
  }
}

extension [UInt8] {
  /// One to three changes at random places.
  fileprivate mutating func mutate(_ random: inout SeededRandom) {
    for _ in 0..<Int.random(in: 1...3, using: &random) {
      guard !self.isEmpty else { return }
      let place = Int.random(in: 0..<self.count, using: &random)
      let end = Swift.min(self.count, place + Int.random(in: 1...20, using: &random))
      switch Int.random(in: 0..<5, using: &random) {
      case 0: self[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
      case 1: self[place] = UInt8.random(in: .min ... .max, using: &random)
      case 2: self.removeSubrange(place..<end)
      case 3: self.insert(contentsOf: self[place..<end], at: place)
      default: self.removeLast(self.count - place)
      }
    }
  }
}
