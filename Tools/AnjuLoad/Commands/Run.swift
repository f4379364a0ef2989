import ArgumentParser
import LoadReport
import ToolKit

/// Runs one scenario and reports.
struct Run: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Run a scenario, verify the invariants and report.",
    discussion: """
      Exits 0 where everything was held, 1 where an aim was missed or an invariant is broken, 2 \
      where the generator could not make the rate (nothing is reported then), 3 where the run could \
      not begin.
      """)

  @Option(help: "One rate throughout, in arrivals a second, in place of the scenario's schedule.")
  var rate: Double?

  @Option(help: "For how long, in seconds; with --rate, or where the scenario has one rate.")
  var seconds: Double?

  @Option(
    help: """
      So many callers who begin again when they were answered, in place of arrivals at a rate. It \
      hides every stall but from those who are in it: only to be put beside an open loop.
      """)
  var closed: Int?

  @Option(help: "A folder to write the report into: SCENARIO.json and SCENARIO.html.")
  var out: String?

  @OptionGroup var load: LoadOptions

  func validate() throws {
    guard (1...10_000).contains(self.closed ?? 1) else {
      throw ValidationError("--closed is 1 to 10000 callers.")
    }
    // A scenario that cannot be read is no wrong option: the run says why.
    if let scenario = try? self.load.readScenario() { _ = try self.schedule(of: scenario) }
  }

  func run() async throws {
    try await self.load.withBench { bench in
      let schedule = try self.schedule(of: bench.scenario)
      let witness = try await bench.begin()
      var newcomers = bench.newcomers
      let firstPerson = try newcomers.take(
        bench.newcomersMax(schedule, isClosed: self.closed != nil))
      var run = try await bench.run(
        schedule, closed: self.closed, firstPerson: firstPerson,
        setting: MachineFacts.setting)
      run.result.invariants = await bench.end(
        witness, backlogMs: run.backlogMs, permits: [run.permits])
      try self.report(run.result, run.notes)
    }
  }

  private func schedule(of scenario: Scenario) throws -> Schedule {
    if self.rate == nil && self.seconds == nil { return scenario.schedule }
    var asked = self.rate
    if asked == nil, case .constant(let constant) = scenario.schedule.shape {
      asked = constant.ratePerS
    }
    guard let asked else {
      throw ValidationError("\(scenario.name) has no one rate: --seconds goes with --rate.")
    }
    do {
      return try Schedule.constant(
        ratePerS: asked,
        seconds: self.seconds ?? Double(scenario.schedule.durationUs) / 1_000_000)
    } catch {
      throw ValidationError("\(error)")
    }
  }

  private func report(_ result: RunResult, _ notes: [String]) throws {
    let output = Output(json: false)
    let verdict = RunVerdict(of: result)
    for note in notes { output.failure(note) }
    if verdict.standing == .notMeasured {
      output.failure(verdict.headline)
      for finding in verdict.broken.prefix(1) { output.failure("\(finding.aim): \(finding.found)") }
      throw Ending.tooSlow
    }
    if self.load.addresses.json {
      output.text(String(decoding: try result.json(), as: UTF8.self))
    } else {
      output.text(result.table())
    }
    if self.closed != nil {
      output.failure("A closed loop: who would have come while the system stalled did not come.")
    }
    if let out {
      let files = ReportFiles(
        name: result.scenario.name, json: try result.json(), page: result.page())
      try files.write(into: out)
    }
    if !verdict.isHeld { throw Ending.missed }
  }
}
