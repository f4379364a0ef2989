import ArgumentParser
import LoadReport
import ToolKit

/// Searches for the highest rate that a scenario holds.
struct Knee: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Find the highest rate at which a scenario holds its aims and every invariant.",
    discussion: """
      Each trial is a run at one rate; a rate holds if its aims and the bound on the backlog are \
      held, and no rate is decided by one trial. The invariants over all that the stores hold are \
      looked at once, after the last trial: a search that broke one is not held. A rate that the \
      generator itself cannot make does not hold, and the answer says that it was the generator. \
      Exits 0 where a rate was found that holds, 1 where none did, --trials ran out or an \
      invariant is broken, 3 where the search could not begin.
      """)

  @Option(help: "The lowest rate to try, in arrivals a second.")
  var from = 10.0

  @Option(help: "The highest rate to try.")
  var to = 1_000.0

  @Option(help: "How near the answer is to be.")
  var step = 10.0

  @Option(help: "How long each trial lasts, in seconds.")
  var seconds = 20.0

  @Option(
    help: """
      The 99th percentile to hold, in ms, in place of the scenario's aims: of the operations that \
      it has aims for, or of each where it has none.
      """)
  var p99Ms: Double?

  @Option(help: "How many trials the search may take.")
  var trials = 40

  @Option(help: "A folder to write the search into: SCENARIO-knee.json and SCENARIO-knee.html.")
  var out: String?

  @OptionGroup var load: LoadOptions

  func validate() throws {
    guard (0.001...3_600_000).contains(self.p99Ms ?? 1) else {
      throw ValidationError("--p99-ms is 0.001 to 3600000.")
    }
    _ = try self.search()
    do {
      try Self.checkTrials(from: self.from, to: self.to, seconds: self.seconds)
    } catch {
      throw ValidationError("\(error)")
    }
  }

  /// Throws why a trial at one of these rates could not be.
  static func checkTrials(
    from lowPerS: Double, to highPerS: Double, seconds: Double
  ) throws(ScheduleError) {
    for perS in [lowPerS, highPerS] {
      _ = try Schedule.constant(ratePerS: perS, seconds: seconds)
    }
  }

  func run() async throws {
    var search = try self.search()
    try await self.load.withBench { bench in
      var bench = bench
      if let p99Ms { bench.scenario.aims.latencies = self.aims(p99Ms, of: bench.scenario) }
      let witness = try await bench.begin()
      var newcomers = bench.newcomers
      var trials: [KneeTrial] = []
      var permits: [[String]] = []
      var first: RunResult?
      while case .tryRate(let perS) = search.next {
        let schedule = try Schedule.constant(ratePerS: perS, seconds: self.seconds)
        let firstPerson = try newcomers.take(bench.newcomersMax(schedule, isClosed: false))
        let run = try await bench.run(
          schedule, firstPerson: firstPerson, setting: MachineFacts.setting)
        first = first ?? run.result
        let trial = KneeTrial(perS: perS, result: run.result)
        trials.append(trial)
        permits.append(run.permits)
        search.record(trial.standing)
        self.tell(trial, run.notes)
      }
      guard let first else { return }
      let backlogMs = await bench.backlogMs(since: Stopwatch())
      let invariants = await bench.end(witness, backlogMs: backlogMs, permits: permits)
      try self.report(
        KneeResult(search, trials: trials, first: first, invariants: invariants))
    }
  }

  private func aims(_ p99Ms: Double, of scenario: Scenario) -> [LatencyAim] {
    var seen: Set<String?> = []
    let named = scenario.aims.latencies.map(\.operation).filter { seen.insert($0).inserted }
    return (named.isEmpty ? [nil] : named).map { operation in
      LatencyAim(
        operation: operation, percentile: .p99, latencyUsMax: Int64((p99Ms * 1_000).rounded()))
    }
  }

  private func search() throws -> KneeSearch {
    do {
      return try KneeSearch(
        lowPerS: self.from, highPerS: self.to, stepPerS: self.step, trialsMax: self.trials)
    } catch {
      throw ValidationError("\(error)")
    }
  }

  /// A line while the search goes on, with what was not held.
  private func tell(_ trial: KneeTrial, _ notes: [String]) {
    let output = Output(json: false)
    output.failure("\(Figure.plain(trial.perS)) a second: \(trial.standing.inWords)")
    for line in trial.broken.prefix(3) + notes.prefix(3) { output.failure("  \(line)") }
  }

  private func report(_ result: KneeResult) throws {
    let output = Output(json: false)
    if self.load.addresses.json {
      output.text(String(decoding: try result.json(), as: UTF8.self))
    } else {
      output.text(result.table())
    }
    if let out {
      let files = ReportFiles(
        name: "\(result.name)-knee", json: try result.json(), page: result.page())
      try files.write(into: out)
    }
    if result.exitCode != 0 { throw ExitCode(result.exitCode) }
  }
}
