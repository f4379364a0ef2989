import Testing

@testable import LoadReport

/// Two runs side by side.
struct ComparisonTests {
  private static func comparison(
    _ change: (inout RunResult) -> Void
  ) throws -> Comparison {
    let before = try SampleResult.run()
    var after = before
    change(&after)
    return Comparison(before: before, after: after)
  }

  /// The sample's latencies, each times a factor.
  private static func slower(_ histogram: LatencyHistogram, by factor: Double) -> LatencyHistogram {
    var slower = LatencyHistogram()
    for bucket in histogram.buckets {
      for _ in 0..<bucket.count { slower.record(Int64(Double(bucket.shortestUs) * factor)) }
    }
    return slower
  }

  @Test func `a run is as good as itself`() throws {
    let comparison = try Self.comparison { _ in }
    #expect(comparison.figures.allSatisfy { [.same, .unknown].contains($0.judgement) })
    #expect(comparison.obstacles.isEmpty && comparison.cautions.isEmpty)
    #expect(comparison.newlyBroken.isEmpty)
    #expect(comparison.exitCode == 0)
    #expect(comparison.table().hasSuffix("0 better, 0 worse.\n"))
  }

  @Test func `slower calls are worse, quicker ones better`() throws {
    let slow = try Self.comparison {
      $0.operations[0].latencies = Self.slower($0.operations[0].latencies, by: 1.2)
    }
    #expect(slow.worse.map(\.name).contains("Intake.SubmitApplication p50"))
    #expect(slow.worse.map(\.name).contains("Intake.SubmitApplication p99"))
    // A fifth is within what the tail differs by anyway.
    #expect(!slow.worse.map(\.name).contains("Intake.SubmitApplication p99.9"))
    #expect(slow.exitCode == 1)
    let quick = try Self.comparison {
      $0.operations[0].latencies = Self.slower($0.operations[0].latencies, by: 0.5)
    }
    #expect(quick.worse.isEmpty && quick.exitCode == 0)
    let median = quick.figures.first { $0.name == "Intake.SubmitApplication p50" }
    #expect(median?.judgement == .better)
    #expect(abs((median?.change ?? 0) + 0.5) < 0.01)
  }

  @Test func `a percentile that few calls are beyond is not told`() throws {
    let comparison = try Self.comparison { _ in }
    let judgements = Percentile.told.map { percentile in
      comparison.figures.first { $0.name == "Registry.VerifyPermit \(percentile.name)" }?.judgement
    }
    // Of 12,000 calls twelve are beyond p99.9, and one beyond p99.99.
    #expect(judgements == [.same, .same, .same, .same, .unknown])
  }

  @Test func `a lower rate, new failures and higher costs are worse`() throws {
    let rate = try Self.comparison { $0.rates.tookUs = $0.rates.tookUs * 104 / 100 }
    #expect(rate.worse.map(\.name) == ["whole lives completed"])
    let failures = try Self.comparison {
      $0.operations[1].errors = ["ABORTED": 1]
    }
    #expect(failures.worse.map(\.name) == ["Approval.RecordOpinion failed of a million"])
    #expect(failures.newlyBroken == ["No call fails: 1 of 36,000 failed (ABORTED)"])
    let cost = try Self.comparison { $0.costs.services[0].cpuUs = 12_000 * 800 }
    #expect(cost.worse.map(\.name) == ["processor time each application"])
    #expect(cost.exitCode == 1)
  }

  @Test func `a higher rate is better`() throws {
    let comparison = try Self.comparison { $0.rates.tookUs /= 2 }
    #expect(comparison.figures.first?.judgement == .better)
    #expect(comparison.exitCode == 0)
  }

  @Test func `what broke since is told, though no figure is worse`() throws {
    let comparison = try Self.comparison {
      $0.invariants[0].isHeld = false
      $0.invariants[0].found = "11,999 permits"
    }
    #expect(comparison.worse.isEmpty)
    #expect(comparison.newlyBroken == ["As many permits as cases approved: 11,999 permits"])
    #expect(comparison.exitCode == 1)
    #expect(comparison.table().contains("0 better, 0 worse; 1 no longer held."))
  }

  @Test func `what was not measured, or is new, is unknown`() throws {
    let comparison = try Self.comparison {
      $0.costs.services[0].rows = nil
      $0.operations[2].name = "Registry.Other"
    }
    let names = comparison.figures.filter { $0.judgement == .unknown }.map(\.name)
    #expect(names.contains("rows written each application"))
    #expect(names.contains("Registry.VerifyPermit p50") && names.contains("Registry.Other p50"))
    #expect(comparison.exitCode == 0)
  }

  @Test func `another scenario, another rate or a late generator is no comparison`() throws {
    let name = try Self.comparison { $0.scenario.name = "mix" }
    #expect(name.obstacles == ["they ran other scenarios: life and mix"])
    #expect(name.exitCode == 2)
    let schedule = try Schedule.constant(ratePerS: 100, seconds: 60)
    let rate = try Self.comparison { $0.scenario.schedule = schedule }
    #expect(rate.obstacles == ["they were asked at other rates or for another time"])
    let late = try Self.comparison { $0.aims.generatorLagUsMax = 1 }
    #expect(late.obstacles == ["the second measured nothing: its generator could not keep up"])
    #expect(late.table().hasSuffix("The two cannot be compared.\n"))
  }

  @Test func `another machine is told and compared all the same`() throws {
    let comparison = try Self.comparison {
      $0.setting.cores = 4
      $0.setting.store = "postgres"
    }
    #expect(
      comparison.cautions == [
        "the count of processors was 2 and is 4", "the store was sqlite and is postgres",
      ])
    #expect(comparison.exitCode == 0)
  }
}
