import ArgumentParser
import DomainModel
import LoadReport
import People
import ToolKit

extension LoadOptions {
  /// Runs `body` with a system that is ready to be loaded, and closes the connections. Tells what
  /// stands in the way in sentences, and ends with `Ending.impossible`.
  func withBench(
    _ body: (LoadBench) async throws -> Void
  ) async throws {
    var open: [Services] = []
    do {
      let scenario = try self.readScenario()
      try self.checkReach()
      open = try LoadBench.connections(
        self.connections, self.addresses, inFlightMax: self.inFlight)
      try await body(try await self.bench(scenario, open))
    } catch let refused as ScenarioRefused {
      try await self.end(open, refused.reasons)
    } catch let missing as NotThere {
      try await self.end(open, [missing.description])
    } catch let failed as Unprepared {
      try await self.end(open, [failed.description])
    } catch let error as ServiceError {
      try await self.end(open, ["a service refused what the run needs: \(error.message)"])
    } catch {
      for services in open { await services.close() }
      throw error
    }
    for services in open { await services.close() }
  }

  private func end(_ open: [Services], _ reasons: [String]) async throws -> Never {
    for services in open { await services.close() }
    for reason in reasons { Output(json: false).failure(reason) }
    throw Ending.impossible
  }

  private func bench(_ scenario: Scenario, _ services: [Services]) async throws -> LoadBench {
    let all: Set = ["intake", "approval", "notification", "registry"]
    try await Targets.require(
      self.noChecks ? scenario.services : all, services[0], self.addresses)
    let seed = self.seed ?? .random(in: 1...999_999_999)
    Output(json: false).failure("\(scenario.name), seed \(seed)")
    let meter =
      self.noCosts
      ? nil
      : CostMeter(
        ports: try self.metrics.ports(isLoopbackOnly: !self.allowRemote), folder: self.data)
    // Before anything is done: a port that is not there is told now, not after an hour.
    _ = try await meter?.read()
    let populated = try self.populated.map(PopulatedStock.read)
    var newcomers: Newcomers?
    if let populated, let path = self.populated {
      newcomers = try Newcomers(of: populated, at: path)
    }
    let scene = Scene(
      services: services, population: Population(seed: populated?.seed ?? seed),
      platforms: scenario.platforms, watch: Stopwatch())
    let stored = try populated?.subjects(scenario.stock, of: scene.population)
    let stock: [Subject]
    if let stored { stock = stored } else { stock = try await self.stock(scenario, scene) }
    return LoadBench(
      scenario: scenario, seed: seed, limits: LoopLimits(inFlightMax: self.inFlight), scene: scene,
      stock: stock, newcomers: newcomers ?? Newcomers(from: stock.count),
      stored: populated?.persons ?? self.stored, meter: meter,
      isJudged: !self.noChecks)
  }

  private func stock(_ scenario: Scenario, _ scene: Scene) async throws -> [Subject] {
    guard scenario.stock > 0 else { return [] }
    Output(json: false).failure("preparing \(scenario.stock) persons with permits")
    do {
      return try await Stock.made(scenario.stock, in: scene) { done in
        if done.isMultiple(of: 500) { Output(json: false).failure("  \(done) are ready") }
      }
    } catch {
      throw Unprepared("the persons whose permits are to be read could not be prepared: \(error)")
    }
  }
}

/// Why a run could not begin: a sentence.
struct Unprepared: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) {
    self.description = description
  }
}
