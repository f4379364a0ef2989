import Foundation
import Testing

/// Bytes of strangers on every path that reads them. A run is its seed: the same seed does the same
/// again, and the last test case that began names the seed of a run that ended the process.
@Suite struct FuzzTests {
  private static let isLong = ProcessInfo.processInfo.environment["ANJU_LONG"] == "1"
  private static let seeds: ClosedRange<UInt64> = Self.isLong ? 1...200 : 1...12
  private static let roundsMax = 700

  @Test(arguments: FuzzTarget.all)
  func `every input of the corpus passes`(_ target: FuzzTarget) throws {
    let inputs = try Corpus.inputs(of: target)
    #expect(!inputs.isEmpty)
    for input in inputs + [[]] { try target.run(input) }
  }

  @Test(arguments: FuzzTarget.all, Self.seeds)
  func `no input ends the process or breaks a promise`(
    _ target: FuzzTarget, seed: UInt64
  ) throws {
    var mutator = Mutator(seed: seed, corpus: try Corpus.inputs(of: target))
    for round in 0..<Self.roundsMax {
      let input = mutator.next()
      do {
        try target.run(input)
      } catch {
        Issue.record("\(target.name), seed \(seed), round \(round): \(error)\ninput: \(input)")
        return
      }
    }
  }

  @Test func `the same seed makes the same inputs`() throws {
    let corpus = try Corpus.inputs(of: .server)
    var first = Mutator(seed: 7, corpus: corpus)
    var second = Mutator(seed: 7, corpus: corpus)
    for _ in 0..<100 { #expect(first.next() == second.next()) }
  }
}
