import LoadReport

/// What one arrival does: steps, one after the other, each when the one before was answered.
struct Flow: Hashable, Sendable {
  /// How many steps a flow may have.
  static let stepsMax = 64

  let name: String
  /// How many of all arrivals it takes, beside the other flows' weights.
  let weight: Int
  let steps: [Step]

  /// Whether it is done by somebody who has a permit already, of those that are made beforehand.
  var needsStock: Bool {
    !(self.steps.first?.needs.isEmpty ?? true)
  }

  /// Why it cannot be; nil if it can.
  var refusal: String? {
    guard (1...Self.stepsMax).contains(self.steps.count) else {
      return "flow \(self.name) has \(self.steps.count) steps; 1 to \(Self.stepsMax) go"
    }
    guard (1...1_000_000).contains(self.weight) else {
      return "flow \(self.name) has the weight \(self.weight); 1 to 1000000 go"
    }
    var facts: Set<Fact> = self.needsStock ? Self.factsOfStock : []
    for step in self.steps {
      guard step.needs.isSubset(of: facts) else {
        return "flow \(self.name): \(step.rawValue) needs a step before it that is not there"
      }
      facts.formUnion(step.makes)
    }
    return nil
  }

  /// What is so of somebody who has a permit and has loaded it.
  private static let factsOfStock: Set<Fact> = [
    .registered, .drafted, .submitted, .opened, .issued, .loaded,
  ]

  /// From registration to the loaded permit: how the stock is made.
  static let forStock = Flow(
    name: "stock", weight: 1,
    steps: [
      .register, .draft, .commitment, .form, .uploadIDCard, .uploadPhoto, .uploadEvidence, .submit,
      .awaitCase, .readCase, .accept, .readCase, .review, .readCase, .approve, .awaitPermit,
      .awaitText, .load,
    ])
}

extension Flow: Decodable {
  private enum CodingKeys: String, CodingKey, CaseIterable {
    case name, weight, steps
  }

  init(from decoder: any Decoder) throws {
    let refusals = try StrictKeys(decoder).refusals(
      required: CodingKeys.allCases.map(\.rawValue))
    guard refusals.isEmpty else { throw ScenarioRefused(refusals) }
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let name = try container.decode(String.self, forKey: .name)
    self.name = name
    self.weight = try container.decode(Int.self, forKey: .weight)
    let words = try container.decode([String].self, forKey: .steps)
    let unknown = words.filter { Step(rawValue: $0) == nil }
    guard unknown.isEmpty else {
      let known = Step.allCases.map(\.rawValue).joined(separator: ", ")
      throw ScenarioRefused(
        unknown.map { "flow \(name): there is no step \($0); known are \(known)" })
    }
    self.steps = words.compactMap(Step.init(rawValue:))
  }
}
