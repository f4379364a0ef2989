import LoadReport

/// What a run does, as a file says it.
struct Scenario: Hashable, Sendable {
  /// How many persons with permits may be made before a run.
  static let stockMax = 100_000
  /// How many platforms there may be.
  static let platformsMax = 1_000
  /// How many flows it may have.
  static let flowsMax = 100

  var name: String
  /// One sentence for somebody who never saw it.
  var summary: String
  /// What one arrival is, in the singular: `whole life`.
  var unit: String
  /// The same in the plural.
  var units: String
  var schedule: Schedule
  /// How many persons are walked to a loaded permit before the run, to be read of.
  var stock: Int
  /// How many platforms submit and read, in turns.
  var platforms: Int
  var flows: [Flow]
  var aims: RunAims

  /// The steps that are taken by anybody, each operation once, in the order of the flows.
  var operations: [String] {
    var seen: Set<String> = []
    return self.flows.flatMap { flow in
      flow.steps.map(\.operation) + (flow.steps.count > 1 ? [flow.name] : [])
    }.filter { seen.insert($0).inserted }
  }

  /// Whether persons may come in it who were never there before.
  var bringsNewcomers: Bool { !self.flows.allSatisfy(\.needsStock) }

  /// Which services it calls.
  var services: Set<String> {
    let steps = self.flows.flatMap(\.steps) + (self.stock > 0 ? Flow.forStock.steps : [])
    return steps.reduce(into: []) { $0.formUnion($1.services) }
  }

  /// Which flow an arrival is: drawn by weight from its number and the seed, so that every run of
  /// a seed asks the same.
  func flow(of index: Int, seed: UInt64) -> Flow {
    var random = SplitMix(seed ^ (UInt64(index) &* 0x9E37_79B9_7F4A_7C15))
    var draw = random.next() % self.weights
    for flow in self.flows {
      if draw < UInt64(flow.weight) { return flow }
      draw -= UInt64(flow.weight)
    }
    return self.flows[0]
  }

  private var weights: UInt64 { self.flows.reduce(0) { $0 + UInt64($1.weight) } }
}

/// Why a scenario was not taken: every reason.
struct ScenarioRefused: Error, Hashable, CustomStringConvertible {
  let reasons: [String]

  init(_ reasons: [String]) {
    self.reasons = reasons
  }

  var description: String { self.reasons.joined(separator: "; ") }
}
