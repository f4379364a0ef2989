import LoadReport
import Synchronization
import Testing

@testable import anju_load

/// How arrivals are begun. Many suites share the threads here, so nothing is said of how soon: what
/// a stall looks like under an open and a closed loop is told where each is a process of its own
/// (`Tests/EndToEnd/test_load.py`).
struct LoopTests {
  /// Limits under which no wait of this process ends a loop.
  private static let patient = LoopLimits(behindUsMax: .max)

  @Test func `who comes while the server stalls waits, whether or not others do`() async throws {
    let watch = Stopwatch()
    let ledger = Ledger(operations: ["call"])
    let loop = OpenLoop(
      schedule: try Schedule.constant(ratePerS: 400, seconds: 0.5), limits: Self.patient,
      watch: watch, tally: Tally())
    let outcome = await loop.run { arrival in
      // Nobody is answered before the first quarter of a second is over.
      try? await watch.sleep(untilUs: 250_000)
      ledger.record(
        "call", latencyUs: watch.nowUs - arrival.intendedUs, intendedUs: arrival.intendedUs,
        outcome: .answered)
    }
    #expect(outcome.begun == 200)
    #expect(outcome.shed == 0)
    // Each of the hundred that came meanwhile waited from his own arrival on: 2.5 ms less each.
    let latencies = try #require(ledger.results.first).latencies
    #expect(try #require(latencies.valueUs(at: .p99)) > 240_000)
    #expect(try #require(latencies.valueUs(at: Percentile(perMillion: 600_000))) > 40_000)
  }

  @Test func `no more are under way than may be, and those left out are counted`() async throws {
    let tally = Tally()
    let (inside, peak) = (Gauge(), Gauge())
    let loop = OpenLoop(
      schedule: try Schedule.constant(ratePerS: 1_000, seconds: 0.1),
      limits: LoopLimits(inFlightMax: 5, behindUsMax: .max), watch: Stopwatch(), tally: tally)
    let outcome = await loop.run { _ in
      peak.raise(to: inside.add(1))
      try? await Task.sleep(for: .milliseconds(50))
      _ = inside.add(-1)
    }
    #expect(outcome.begun + outcome.shed == 100)
    #expect((1...5).contains(peak.value))
    #expect(tally.inFlight == 0)
    #expect(tally.generatorLag.count == outcome.begun)
  }

  @Test func `there is room again when one has ended`() {
    let tally = Tally()
    #expect((0..<3).map { _ in tally.begins(most: 2) } == [true, true, false])
    tally.ended()
    #expect(tally.begins(most: 2))
    #expect(tally.begun == 3)
  }

  @Test func `a generator that is hopelessly late gives up`() async throws {
    let loop = OpenLoop(
      schedule: try Schedule.constant(ratePerS: 1_000_000, seconds: 60),
      limits: LoopLimits(inFlightMax: 100, behindUsMax: 1_000), watch: Stopwatch(), tally: Tally())
    let outcome = await loop.run { _ in }
    #expect(outcome.gaveUp)
    #expect(outcome.tookUs < 30_000_000)
  }

  @Test func `a closed loop begins no more than it was told`() async {
    let counter = Counter()
    let outcome = await ClosedLoop(callers: 4, watch: Stopwatch(), tally: Tally())
      .run(count: 10) { _ in _ = counter.next() }
    #expect(outcome.begun == 10)
    #expect(counter.count == 10)
  }

  @Test func `a second is told in one line`() throws {
    let ledger = Ledger(operations: [])
    ledger.ended(latencyUs: 2_000, wasCompleted: true)
    ledger.ended(latencyUs: 4_000, wasCompleted: false)
    let line = ProgressLine(
      schedule: try Schedule.constant(ratePerS: 7, seconds: 3), watch: Stopwatch(), tally: Tally(),
      ledger: ledger)
    let first = line.line(second: 1, begun: 6)
    #expect(first.hasPrefix("1 s of 3: 6/s begun of 7, 2/s ended, 0 under way, p50 2.0 ms"))
    #expect(first.hasSuffix("1 failed"))
    // What was told is not told again.
    #expect(line.line(second: 2, begun: 0).contains("0/s ended"))
  }
}

/// A number that goes up and down.
private final class Gauge: Sendable {
  private let number = Mutex(0)

  var value: Int { self.number.withLock { $0 } }

  func add(_ difference: Int) -> Int {
    self.number.withLock { number in
      number += difference
      return number
    }
  }

  func raise(to least: Int) {
    self.number.withLock { $0 = max($0, least) }
  }
}
