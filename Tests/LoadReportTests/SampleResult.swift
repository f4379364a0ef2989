import TestSupport

@testable import LoadReport

/// A run of a minute as `anju-load` would tell it: whole lives at a constant rate, with one stall
/// in the middle if it is asked for.
enum SampleResult {
  static func run(
    stallSeconds: Range<Int> = 0..<0, p99UsMax: Int64 = 50_000, perS: Double = 200
  ) throws -> RunResult {
    let schedule = try Schedule.constant(ratePerS: perS, seconds: 60)
    let names = ["Intake.SubmitApplication", "Approval.RecordOpinion", "Registry.VerifyPermit"]
    let operations = names.enumerated().map { index, name in
      OperationResult(
        name: name,
        recorder: self.recorder(schedule, seed: UInt64(index + 1), stallSeconds: stallSeconds))
    }
    var lag = LatencyHistogram()
    for index in 0..<schedule.arrivals { lag.record(Int64(20 + index % 100)) }
    return RunResult(
      scenario: ScenarioFacts(
        name: "life", summary: "One person's way from the first form to a verified permit.",
        schedule: schedule, seed: 7, personsStored: 1_000_000),
      setting: RunSetting(
        processor: "AMD EPYC 7B13", cores: 2, memoryBytes: 24 << 30,
        system: "Debian GNU/Linux 12", store: "sqlite", commit: "2af110f",
        command: "./dev load life --rate \(Figure.plain(perS))", startedAt: "2026-11-23T01:02:03Z"),
      aims: RunAims(latencies: [LatencyAim(percentile: .p99, latencyUsMax: p99UsMax)]),
      rates: RunRates(
        units: "whole lives", asked: schedule.arrivals, begun: schedule.arrivals,
        completed: schedule.arrivals - operations.map(\.failed).reduce(0, +),
        scheduleUs: schedule.durationUs, tookUs: schedule.durationUs + 80_000, generatorLag: lag),
      operations: operations, costs: self.costs(units: schedule.arrivals),
      invariants: [
        InvariantCheck(
          promise: "As many permits as cases approved", isHeld: true,
          found: "12,000 approved, 12,000 permits"),
        InvariantCheck(promise: "One text each", isHeld: true, found: "12,000 texts"),
      ])
  }

  /// Answers of about 4 ms; those of a stall wait until it is over, and one in 50 of them fails.
  private static func recorder(
    _ schedule: Schedule, seed: UInt64, stallSeconds: Range<Int>
  ) -> LatencyRecorder {
    let random = SeededRandom(seed: seed)
    var recorder = LatencyRecorder()
    for index in 0..<schedule.arrivals {
      guard let start = schedule.startUs(of: index) else { break }
      let drawn = random.next()
      let own = Int64(2_000 + drawn % 4_000 + (drawn % 200 == 0 ? 20_000 : 0))
      let isStalled = stallSeconds.contains(Int(start / 1_000_000))
      let wait = isStalled ? Int64(stallSeconds.upperBound) * 1_000_000 - start : 0
      let isRefused = isStalled && drawn % 50 == 0
      recorder.record(
        latencyUs: own + wait, intendedUs: start,
        outcome: isRefused ? .failed(code: "RESOURCE_EXHAUSTED") : .answered)
    }
    return recorder
  }

  private static func costs(units: Int) -> RunCosts {
    let count = Int64(units)
    let services = [
      ("intake", Int64(700)), ("approval", 500), ("registry", 600), ("notification", 100),
    ].map { name, cpu in
      var cost = ServiceCost(service: name)
      cost.cpuUs = cpu * count
      cost.memoryBytesMax = 60 << 20
      cost.fsyncs = count / 4
      cost.writtenBytes = 9_000 * count
      cost.storedBytes = 4_000 * count
      cost.rows = 15 * count
      cost.statements = 22 * count
      cost.callsServed = 5 * count
      // What nobody measured stays so.
      cost.callsMade = name == "notification" ? nil : 3 * count
      return cost
    }
    return RunCosts(unit: "application", units: units, services: services)
  }
}
