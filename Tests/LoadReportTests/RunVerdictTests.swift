import Testing

@testable import LoadReport

/// Whether a run held, and what gave way first.
struct RunVerdictTests {
  /// A change to a run that held, the standing that follows, and what is told of it.
  struct Case: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let standing: RunVerdict.Standing
    let found: String
    let change: @Sendable (inout RunResult) -> Void

    init(
      _ description: String, _ standing: RunVerdict.Standing, _ found: String,
      _ change: @escaping @Sendable (inout RunResult) -> Void
    ) {
      self.testDescription = description
      self.standing = standing
      self.found = found
      self.change = change
    }
  }

  static let cases = [
    Case("nothing changed", .held, "0 of 36,000 failed") { _ in },
    Case("an arrival that was not begun", .notMeasured, "11,999 of 12,000 begun") {
      $0.rates.begun -= 1
      $0.rates.completed -= 1
    },
    Case("a generator that is late", .notMeasured, "99 of 100 at most 118 µs late") {
      $0.aims.generatorLagUsMax = 117
    },
    Case("a late generator and a broken invariant", .notMeasured, "two") {
      $0.aims.generatorLagUsMax = 117
      $0.invariants[0] = InvariantCheck(promise: "one", isHeld: false, found: "two")
    },
    Case("a latency above its aim", .broken, "Registry.VerifyPermit: 50 of 100 calls within 3 ms") {
      $0.aims.latencies = [
        LatencyAim(operation: "Registry.VerifyPermit", percentile: .p50, latencyUsMax: 3_000)
      ]
    },
    Case("an aim for an operation that was never called", .broken, "no call was made") {
      $0.aims.latencies = [LatencyAim(operation: "x", percentile: .p99, latencyUsMax: 1_000_000)]
    },
    Case("a failed call", .broken, "1 of 36,000 failed (ABORTED)") {
      $0.operations[0].errors = ["ABORTED": 1]
    },
    Case("failed calls that may be", .held, "36 of 36,000 failed (ABORTED)") {
      $0.operations[0].errors = ["ABORTED": 36]
      $0.aims.failedPerMillionMax = 1_000
    },
    Case("one more than may be", .broken, "37 of 36,000 failed (ABORTED)") {
      $0.operations[0].errors = ["ABORTED": 37]
      $0.aims.failedPerMillionMax = 1_000
    },
    Case("a life that did not come to its end", .broken, "11,999 of 12,000 completed") {
      $0.rates.completed -= 1
    },
    Case("lives that were not begun, because too many were under way", .broken, "9 not begun") {
      $0.rates.begun -= 9
      $0.rates.completed -= 9
      $0.rates.shed = 9
    },
    Case("a broken invariant", .broken, "12,000 approved, 11,999 permits") {
      $0.invariants[0].isHeld = false
      $0.invariants[0].found = "12,000 approved, 11,999 permits"
    },
    Case("an operation of which nothing was answered", .broken, "none was answered") {
      $0.operations[0].latencies = LatencyHistogram()
    },
    Case("a flow, whose steps stand beside it", .held, "0 of 36,000 failed") {
      var recorder = LatencyRecorder()
      recorder.record(latencyUs: 1, intendedUs: 0, outcome: .timedOut)
      $0.operations.append(OperationResult(name: "life", isFlow: true, recorder: recorder))
    },
    Case("an operation that was not called", .held, "0 of 36,000 failed") {
      $0.operations.append(OperationResult(name: "x", recorder: LatencyRecorder()))
    },
  ]

  @Test(arguments: cases)
  func `follows from what was found`(_ row: Case) throws {
    var result = try SampleResult.run()
    row.change(&result)
    let verdict = RunVerdict(of: result)
    #expect(verdict.standing == row.standing)
    #expect(verdict.isHeld == (row.standing == .held))
    let told = verdict.findings.map { "\($0.aim): \($0.found)" }
    #expect(told.contains { $0.contains(row.found) }, "\(told)")
    #expect(verdict.broken.isEmpty == (row.standing == .held))
  }

  @Test func `each standing has its headline`() throws {
    var result = try SampleResult.run()
    #expect(RunVerdict(of: result).standing == .held)
    #expect(RunVerdict(of: result).headline == "Held: everything that was asked for.")
    result.rates.completed -= 1
    #expect(RunVerdict(of: result).standing == .broken)
    #expect(RunVerdict(of: result).headline == "Not held: 1 of 8 checks failed.")
    result.rates.begun -= 1
    #expect(RunVerdict(of: result).standing == .notMeasured)
    #expect(RunVerdict(of: result).headline.hasPrefix("No measurement"))
  }

  @Test func `a stall is told with the second in which it began`() throws {
    let verdict = RunVerdict(of: try SampleResult.run(stallSeconds: 20..<22))
    #expect(verdict.standing == .broken)
    let first = try #require(verdict.broken.first)
    #expect(first.brokenAtS == 20)
    #expect(first.aim == "Intake.SubmitApplication: 99 of 100 calls within 50 ms")
    #expect(verdict.broken.map { $0.brokenAtS ?? 99 } == [20, 20, 20, 20, 99])
  }

  @Test func `the earliest comes first, and what has no second last`() throws {
    var result = try SampleResult.run(stallSeconds: 20..<22)
    result.invariants[0].isHeld = false
    result.operations[0].seconds = result.operations[0].seconds.map { second in
      var later = second
      later.second += 5
      return later
    }
    let order = RunVerdict(of: result).broken
    #expect(order.map { $0.brokenAtS ?? 99 } == [20, 20, 20, 25, 99, 99])
    #expect(order[3].aim.hasPrefix("Intake.SubmitApplication"))
  }

  @Test func `sentences tell what was asked, done, waited for and paid`() throws {
    let summary = RunSummary(of: try SampleResult.run())
    #expect(
      summary.asked
        == "Asked: 200 whole lives a second, for 1 min, 12,000 in all, of a system that "
        + "held 1,000,000 persons.")
    #expect(
      summary.done
        == "Done: 12,000 of them to their end, 200 a second until the last was answered; "
        + "of 36,000 calls none failed.")
    #expect(summary.gaveWay == nil)
    #expect(
      summary.cost == "One application cost in all services together: processor time 1.9 ms; "
        + "rows written 60; waits for the disk 1; kept on disk 16 kB.")
    #expect(summary.waited?.contains("half of its calls were answered within") ?? false)
  }

  @Test func `arrivals that were not begun are told beside what was done`() throws {
    var result = try SampleResult.run()
    result.rates.begun -= 9
    result.rates.completed -= 9
    result.rates.shed = 9
    #expect(
      RunSummary(of: result).done.hasSuffix(
        "calls none failed. 9 were not begun, because too many were under way; what they would "
          + "have waited is in no latency."))
  }

  @Test(arguments: ScheduleTests.shapes)
  func `each shape has its sentence`(_ shape: LoadShape) throws {
    var result = try SampleResult.run()
    result.scenario.schedule = try Schedule(shape)
    let expected =
      switch shape {
      case .constant: "Asked: 33.3 whole lives a second, for 8 s"
      case .steps: "Asked: whole lives in steps of 1, 50, 0, 7.5 a second"
      case .ramp: "Asked: from 90 to 3 whole lives a second"
      case .firstMorning: "Asked: the 09:00 rush after a holiday, from 0 to 80 whole lives a second"
      case .endorsementWave:
        "Asked: the 29 days of a wave of endorsements, up to 90 whole lives a second"
      }
    #expect(RunSummary(of: result).asked.hasPrefix(expected))
  }
}
