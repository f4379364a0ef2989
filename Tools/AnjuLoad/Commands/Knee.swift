import ArgumentParser
import LoadReport
import ToolKit

/// Searches for the highest rate that a scenario holds.
struct Knee: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Find the highest rate at which a scenario holds its aims and every invariant.",
    discussion: """
      Each trial is a run at one rate; a rate holds if everything is held as in `run`. Where the \
      generator itself is too slow for a rate, the search ends there and says so.
      """)

  @Option(help: "The lowest rate to try, in arrivals a second.")
  var from = 10.0

  @Option(help: "The highest rate to try.")
  var to = 1_000.0

  @Option(help: "How near the answer is to be.")
  var step = 10.0

  @Option(help: "How long each trial lasts, in seconds.")
  var seconds = 20.0

  @Option(help: "The 99th percentile of every operation to hold, in ms; else the scenario's aims.")
  var p99Ms: Double?

  @OptionGroup var load: LoadOptions

  func run() async throws {
    var search: KneeSearch
    do {
      search = try KneeSearch(
        lowPerS: self.from, highPerS: self.to, stepPerS: self.step)
    } catch {
      throw ValidationError("\(error)")
    }
    try await self.load.withBench { bench in
      var bench = bench
      if let p99Ms {
        bench.scenario.aims.latencies = [
          LatencyAim(percentile: .p99, latencyUsMax: Int64(p99Ms * 1_000))
        ]
      }
      var firstPerson = bench.stock.count
      while case .tryRate(let perS) = search.next {
        let schedule = try Schedule.constant(ratePerS: perS, seconds: self.seconds)
        let (result, notes) = try await bench.run(
          schedule, firstPerson: firstPerson, setting: MachineFacts.setting,
          stored: self.load.stored)
        firstPerson += schedule.arrivals
        let verdict = RunVerdict(of: result)
        self.tell(perS, verdict, notes)
        if verdict.standing == .notMeasured { throw Ending.tooSlow }
        search.record(held: verdict.isHeld)
      }
      try self.tell(search)
    }
  }

  private func tell(_ perS: Double, _ verdict: RunVerdict, _ notes: [String]) {
    print("\(perS)/s: \(verdict.headline)")
    for finding in verdict.broken.prefix(3) { print("  \(finding.aim): \(finding.found)") }
    for note in notes.prefix(3) { print("  \(note)") }
  }

  private func tell(_ search: KneeSearch) throws {
    guard case .found(let knee) = search.next else { return }
    switch knee {
    case .at(let holds, let fails): print("Holds \(holds)/s, and no more \(fails)/s.")
    case .atLeast(let holds): print("Holds \(holds)/s, the highest that was tried.")
    case .below(let fails): print("Does not hold \(fails)/s, the lowest that was tried.")
    case .between(let holds, let fails):
      print(
        "Not certain: holds \(holds.map { "\($0)/s" } ?? "none"), "
          + "fails at \(fails.map { "\($0)/s" } ?? "none").")
      throw Ending.missed
    }
  }
}
