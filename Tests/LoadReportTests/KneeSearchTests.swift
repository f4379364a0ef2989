import TestSupport
import Testing

@testable import LoadReport

/// The search on systems whose knee is known.
struct KneeSearchTests {
  /// Runs a search on a system that holds what `holds` says; trials in `wrong` err.
  private static func run(
    _ search: KneeSearch, wrong: Set<Int> = [], holds: (Double) -> Bool
  ) -> (knee: KneeSearch.Knee, trials: Int) {
    var search = search
    while true {
      switch search.next {
      case .found(let knee): return (knee, search.trials)
      case .tryRate(let perS):
        search.record(holds(perS) != wrong.contains(search.trials) ? .held : .broken)
      }
    }
  }

  /// What a system says that holds the rates below `knee` on a grid of `count` rates from 10 on.
  private static func expected(_ knee: Int, of count: Int) -> KneeSearch.Knee {
    if knee == 0 { return .below(perS: 10) }
    if knee == count { return .atLeast(perS: Double(10 * count)) }
    return .at(perS: Double(10 * knee), failsPerS: Double(10 * knee + 10))
  }

  private static func search(_ count: Int) throws -> KneeSearch {
    try KneeSearch(lowPerS: 10, highPerS: Double(10 * count), stepPerS: 10)
  }

  @Test(arguments: 1...40)
  func `finds every knee of a quiet system, in few trials`(count: Int) throws {
    // Doubling, halving, and one more trial on either side.
    let trialsMax = 2 * (Int.bitWidth - count.leadingZeroBitCount) + 3
    for knee in 0...count {
      let (found, trials) = Self.run(try Self.search(count)) { $0 <= Double(10 * knee) }
      #expect(found == Self.expected(knee, of: count), "knee \(knee)")
      #expect(trials <= trialsMax, "knee \(knee) took \(trials)")
    }
  }

  @Test(arguments: 1...40)
  func `one trial that errs does not move the answer, wherever it falls`(count: Int) throws {
    for knee in 0...count {
      for wrong in 0..<30 {
        let (found, _) = Self.run(try Self.search(count), wrong: [wrong]) {
          $0 <= Double(10 * knee)
        }
        #expect(found == Self.expected(knee, of: count), "knee \(knee), trial \(wrong) errs")
      }
    }
  }

  @Test func `a system that errs at random still ends the search`() throws {
    for seed in UInt64(1)...500 {
      let random = SeededRandom(seed: seed)
      let search = try KneeSearch(
        lowPerS: 1, highPerS: 40, stepPerS: 1, trialsMax: KneeSearch.trialsMax)
      let (found, trials) = Self.run(search) { _ in random.next() % 2 == 0 }
      // Three trials settle a rate, and it ends because all is settled.
      #expect(trials <= 3 * 40, "seed \(seed)")
      if case .between = found { Issue.record("seed \(seed) is not certain") }
    }
  }

  @Test func `a rate above one that fails is never the knee`() throws {
    // It holds again from 60 on, as a system does that refuses quickly.
    let (found, _) = Self.run(try Self.search(10)) { $0 <= 30 || $0 >= 60 }
    #expect(found == .at(perS: 30, failsPerS: 40))
  }

  @Test func `what the generator cannot make does not hold, and is told`() throws {
    var search = try Self.search(10)
    while case .tryRate(let perS) = search.next {
      search.record(perS <= 40 ? .held : .notMeasured)
    }
    #expect(search.next == .found(.at(perS: 40, failsPerS: 50)))
    #expect(search.isGeneratorLimited)
    // One trial that the system itself did not hold is enough to know.
    var failing = try Self.search(10)
    var wasMeasured = false
    while case .tryRate(let perS) = failing.next {
      failing.record(perS <= 40 ? .held : wasMeasured ? .broken : .notMeasured)
      wasMeasured = wasMeasured || perS == 50
    }
    #expect(failing.next == search.next)
    #expect(!failing.isGeneratorLimited)
    #expect(try !Self.search(10).isGeneratorLimited)
  }

  @Test func `trials that run out leave what is known`() throws {
    let search = try KneeSearch(lowPerS: 10, highPerS: 1_000, stepPerS: 10, trialsMax: 5)
    let (found, trials) = Self.run(search) { $0 <= 120 }
    #expect(trials == 5)
    // 10, 20, 40, 80 held and 160 did not.
    #expect(found == .between(holdsPerS: 80, failsPerS: 160))
    let none = try KneeSearch(lowPerS: 10, highPerS: 1_000, stepPerS: 10, trialsMax: 1)
    #expect(Self.run(none) { _ in false }.knee == .between(holdsPerS: nil, failsPerS: 10))
  }

  @Test func `says the same until it is told something`() throws {
    var search = try Self.search(9)
    #expect(search.next == search.next)
    #expect(search.next == .tryRate(perS: 10))
    search.record(.held)
    #expect(search.next == .tryRate(perS: 20))
    #expect(search.trials == 1)
  }

  @Test func `the last rate is not above the highest`() throws {
    let search = try KneeSearch(lowPerS: 1, highPerS: 2, stepPerS: 0.3)
    #expect(Self.run(search) { _ in true }.knee == .atLeast(perS: 1 + 3 * 0.3))
    // A tenth, ten times, is a hair more than one.
    let tenths = try KneeSearch(lowPerS: 0.1, highPerS: 1, stepPerS: 0.1)
    #expect(Self.run(tenths) { _ in true }.knee == .atLeast(perS: 0.1 + 9 * 0.1))
  }

  @Test(
    arguments: [
      (0, 1, 1, 5, ["the lowest rate must be above 0 and at most 1000000"]),
      (2, 1, 1, 5, ["the highest rate must not be below the lowest, and at most 1000000"]),
      (1, 2, 0, 5, ["the step must be above 0"]),
      (1, 2, .infinity, 5, ["the step must be above 0"]),
      (1, 2, 1, 0, ["the trials must be from 1 to 1000"]),
      (1, 2, 1, 1_001, ["the trials must be from 1 to 1000"]),
      (1, 1_000_000, 0.5, 5, ["the step is too small: at most 1000000 rates can be told apart"]),
      (
        .nan, .nan, .nan, 0,
        [
          "the lowest rate must be above 0 and at most 1000000",
          "the highest rate must not be below the lowest, and at most 1000000",
          "the step must be above 0", "the trials must be from 1 to 1000",
        ]
      ),
    ] as [(Double, Double, Double, Int, [String])])
  func `a search that cannot be is refused with every reason`(
    low: Double, high: Double, step: Double, trials: Int, reasons: [String]
  ) {
    let error = #expect(throws: KneeError.self) {
      _ = try KneeSearch(lowPerS: low, highPerS: high, stepPerS: step, trialsMax: trials)
    }
    #expect(error?.reasons == reasons)
  }
}
