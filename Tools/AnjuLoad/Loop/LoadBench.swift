import DomainModel
import LoadReport
import People
import ToolKit
import Transport

/// A system ready to be loaded: connections, persons, and what is needed to judge it.
struct LoadBench: Sendable {
  var scenario: Scenario
  let seed: UInt64
  let limits: LoopLimits
  let scene: Scene
  let stock: [Subject]
  /// Whom its loads may bring as newcomers.
  let newcomers: Newcomers
  /// How many persons were stored before, for the report.
  let stored: Int
  /// Nil where nobody asks for costs.
  let meter: CostMeter?
  /// Whether it is looked afterwards whether everything is as it must be.
  let isJudged: Bool

  /// Connections to the services at these addresses.
  static func connections(
    _ count: Int, _ addresses: Addresses, inFlightMax: Int
  ) throws -> [Services] {
    let tokens = Tokens(addresses.credentials)
    return try (0..<count).map { _ in
      try Services(addresses, tokens: tokens) { configuration in
        // What one connection has no room for waits here: the latency says so.
        configuration.limits.waitingCallsMax = inFlightMax
      }
    }
  }

  /// How many newcomers a load may bring at most.
  func newcomersMax(_ schedule: Schedule, isClosed: Bool) -> Int {
    guard self.scenario.bringsNewcomers else { return 0 }
    return isClosed ? ClosedLoop.newcomersMax : schedule.arrivals
  }

  /// Before the first load: what holds the log as it is; nil where nobody looks afterwards.
  func begin() async throws -> LogWitness? {
    guard self.isJudged else { return nil }
    return try await LogWitness(services: self.scene.services[0])
  }

  /// After the last load: what is found over all that the stores hold. Where it cannot be looked
  /// at, that is a finding too.
  ///
  /// - Parameters:
  ///   - witness: what `begin` gave.
  ///   - backlogMs: how long the services still had work; nil if they were not done in time.
  ///   - permits: those that each load noted.
  func end(
    _ witness: LogWitness?, backlogMs: Int64?, permits: [[String]]
  ) async -> [InvariantCheck] {
    guard let witness else { return [] }
    let chosen = LogWitness.chosen(
      stock: self.stock.map(\.certificateIdentifier), issued: permits)
    do {
      return try await AfterRun(services: self.scene.services[0]).invariants(backlogMs: backlogMs)
        + [try await witness.check(permits: chosen)]
    } catch {
      return [
        InvariantCheck(
          promise: "The services can be asked after the run", isHeld: false, found: "\(error)")
      ]
    }
  }

  /// How long the services still had work after the last call, in ms; nil if they were not done in
  /// time, or nobody looks.
  func backlogMs(since ended: Stopwatch) async -> Int64? {
    guard self.isJudged else { return nil }
    return try? await AfterRun(services: self.scene.services[0]).settle(since: ended)
  }

  /// One load at a schedule, whose newcomers begin with this one. Of what must be so afterwards
  /// only the backlog is in its result: the rest is looked at when all loads are over.
  func run(
    _ schedule: Schedule, closed callers: Int? = nil, firstPerson: Int, setting: RunSetting
  ) async throws -> LoadRun {
    let before = try await self.meter?.read()
    let watch = Stopwatch()
    let begin = await self.mark(watch)
    var measured = await self.load(schedule, closed: callers, firstPerson: firstPerson)
    let ended = Stopwatch()
    // Reading the metrics takes its time, and the outboxes are to be looked at meanwhile.
    async let lastMark = self.mark(watch)
    // The backlog is done before costs are read: the load has caused it.
    let backlogMs = await self.backlogMs(since: ended)
    let end = await lastMark
    var setting = setting
    var costs = RunCosts(unit: self.scenario.unit, units: 0, services: [])
    if let meter, let before {
      do {
        let reading = try await meter.read()
        setting.store = reading.store
        costs = meter.costs(
          from: before, to: reading, unit: self.scenario.unit, units: measured.ledger.completed)
      } catch {
        measured.notes.append("what it cost is not known: \(error)")
      }
    }
    let result = RunResult(
      scenario: ScenarioFacts(
        name: self.scenario.name, summary: self.scenario.summary, schedule: schedule,
        seed: self.seed, personsStored: self.stored),
      setting: setting, aims: self.scenario.aims,
      rates: measured.rates(self.scenario.units, schedule, isOpen: callers == nil),
      operations: measured.ledger.results, costs: costs,
      invariants: self.isJudged ? [Invariants.backlog(ms: backlogMs)] : [],
      nearestToItsEnd: self.saturation(begin, end)?.sentence)
    return LoadRun(
      result: result, notes: measured.notes, permits: measured.permits, backlogMs: backlogMs)
  }

  /// This moment; nil where nobody asks for it, or it cannot be told.
  private func mark(_ watch: Stopwatch) async -> SaturationMark? {
    try? await self.meter?.mark(watch)
  }

  private func saturation(_ begin: SaturationMark?, _ end: SaturationMark?) -> Saturation? {
    guard let meter, let begin, let end else { return nil }
    return meter.saturation(from: begin, to: end)
  }

  /// The load itself.
  private func load(
    _ schedule: Schedule, closed callers: Int?, firstPerson: Int
  ) async -> MeasuredLoad {
    let watch = Stopwatch()
    let tally = Tally()
    let ledger = Ledger(
      operations: self.scenario.operations, flows: Set(self.scenario.flows.map(\.name)))
    let player = Player(
      scenario: self.scenario, seed: self.seed, scene: self.scene, stock: self.stock,
      ledger: ledger, watch: watch, firstPerson: firstPerson)
    let progress = ProgressLine(schedule: schedule, watch: watch, tally: tally, ledger: ledger)
    let outcome = await withTaskGroup(of: LoopOutcome?.self) { group in
      group.addTask {
        await progress.run()
        return nil
      }
      group.addTask {
        if let callers {
          let loop = ClosedLoop(callers: callers, watch: watch, tally: tally)
          return await loop.run(
            count: self.scenario.bringsNewcomers ? ClosedLoop.newcomersMax : .max,
            seconds: Double(schedule.durationUs) / 1_000_000, player.play)
        }
        let loop = OpenLoop(
          schedule: schedule, limits: self.limits, watch: watch, tally: tally,
          executor: { self.scene.services(of: $0).channels[0].channel.executor })
        return await loop.run(player.play)
      }
      var outcome = LoopOutcome()
      for await ended in group {
        if let ended {
          outcome = ended
          group.cancelAll()
        }
      }
      return outcome
    }
    return MeasuredLoad(
      outcome: outcome, tally: tally, ledger: ledger, permits: player.permits)
  }
}

/// One load, and what was found.
struct LoadRun: Sendable {
  var result: RunResult
  /// Sentences beside it.
  let notes: [String]
  /// Some of the permits that were issued, which the log must hold.
  let permits: [String]
  /// How long the services still had work afterwards, in ms; nil if they were not done in time, or
  /// nobody looked.
  let backlogMs: Int64?
}

/// What a loop measured.
struct MeasuredLoad: Sendable {
  let outcome: LoopOutcome
  let tally: Tally
  let ledger: Ledger
  /// Some of the permits that were issued, which the log must hold.
  let permits: [String]
  /// What a reader must know beside the figures.
  var notes: [String]

  init(outcome: LoopOutcome, tally: Tally, ledger: Ledger, permits: [String]) {
    self.outcome = outcome
    self.tally = tally
    self.ledger = ledger
    self.permits = permits
    self.notes = Self.notes(outcome, ledger)
  }

  func rates(_ units: String, _ schedule: Schedule, isOpen: Bool) -> RunRates {
    RunRates(
      units: units, asked: isOpen ? schedule.arrivals : self.outcome.begun,
      begun: self.outcome.begun, shed: self.outcome.shed, completed: self.ledger.completed,
      scheduleUs: schedule.durationUs, tookUs: self.outcome.tookUs,
      generatorLag: self.tally.generatorLag)
  }

  private static func notes(_ outcome: LoopOutcome, _ ledger: Ledger) -> [String] {
    var notes = ledger.failures
    if outcome.shed > 0 {
      notes.append(
        "\(outcome.shed) arrivals were not begun: as many were under way as --in-flight allows")
    }
    if outcome.gaveUp {
      notes.append("the generator gave up: it was seconds behind its own schedule")
    }
    return notes
  }
}
