import Foundation
import LoadReport

extension Scenario: Decodable {
  private enum CodingKeys: String, CodingKey, CaseIterable {
    case name, summary, unit, units, schedule, stock, platforms, flows, aims
    case failedPerMillionMax = "failed_per_million_max"
  }

  /// An aim, as a scenario file says it.
  private struct WrittenAim: Decodable {
    enum CodingKeys: String, CodingKey, CaseIterable {
      case operation, percentile
      case latencyMsMax = "latency_ms_max"
    }

    let aim: LatencyAim

    init(from decoder: any Decoder) throws {
      let refusals = try StrictKeys(decoder).refusals(
        required: ["percentile", "latency_ms_max"], optional: ["operation"])
      guard refusals.isEmpty else { throw ScenarioRefused(refusals) }
      let container = try decoder.container(keyedBy: CodingKeys.self)
      let percentile = try container.decode(Double.self, forKey: .percentile)
      guard (0...100).contains(percentile) else {
        throw ScenarioRefused(["percentile is \(percentile); it lies between 0 and 100"])
      }
      let milliseconds = try container.decode(Double.self, forKey: .latencyMsMax)
      guard (0.001...3_600_000).contains(milliseconds) else {
        throw ScenarioRefused(["latency_ms_max is \(milliseconds); 0.001 to 3600000 go"])
      }
      self.aim = LatencyAim(
        operation: try container.decodeIfPresent(String.self, forKey: .operation),
        percentile: Percentile(perMillion: Int((percentile * 10_000).rounded())),
        latencyUsMax: Int64((milliseconds * 1_000).rounded()))
    }
  }

  init(from decoder: any Decoder) throws {
    let refusals = try StrictKeys(decoder).refusals(
      required: CodingKeys.allCases.map(\.rawValue))
    guard refusals.isEmpty else { throw ScenarioRefused(refusals) }
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.name = try container.decode(String.self, forKey: .name)
    self.summary = try container.decode(String.self, forKey: .summary)
    self.unit = try container.decode(String.self, forKey: .unit)
    self.units = try container.decode(String.self, forKey: .units)
    self.schedule = try container.decode(Schedule.self, forKey: .schedule)
    self.stock = try container.decode(Int.self, forKey: .stock)
    self.platforms = try container.decode(Int.self, forKey: .platforms)
    self.flows = try container.decode([Flow].self, forKey: .flows)
    self.aims = RunAims(
      latencies: try container.decode([WrittenAim].self, forKey: .aims).map(\.aim),
      failedPerMillionMax: try container.decode(Int.self, forKey: .failedPerMillionMax))
    let reasons = self.refusals
    guard reasons.isEmpty else { throw ScenarioRefused(reasons) }
  }

  /// Why it cannot be, with all its parts readable.
  private var refusals: [String] {
    var reasons = self.flows.compactMap(\.refusal)
    func require(_ holds: Bool, _ reason: String) {
      if !holds { reasons.append(reason) }
    }
    require((1...Self.flowsMax).contains(self.flows.count), "1 to \(Self.flowsMax) flows go")
    require(
      Set(self.flows.map(\.name)).count == self.flows.count, "two flows have the same name")
    require((0...Self.stockMax).contains(self.stock), "stock is 0 to \(Self.stockMax)")
    require(
      (1...Self.platformsMax).contains(self.platforms), "platforms is 1 to \(Self.platformsMax)")
    require(
      self.stock > 0 || !self.flows.contains(where: \.needsStock),
      "stock is 0, and a flow begins with somebody who has a permit")
    require(
      (0...1_000_000).contains(self.aims.failedPerMillionMax),
      "failed_per_million_max is 0 to 1000000")
    for name in self.aims.latencies.compactMap(\.operation) {
      require(self.operations.contains(name), "an aim names \(name), which no flow does")
    }
    return reasons
  }

  /// The longest file that is read, in bytes.
  static let bytesMax = 1_048_576

  /// Reads a file; throws `ScenarioRefused` with every reason that can be told.
  static func read(_ path: String) throws -> Scenario {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw ScenarioRefused(["\(path) cannot be read"])
    }
    guard data.count <= Self.bytesMax else {
      throw ScenarioRefused(["\(path) has \(data.count) bytes; at most \(Self.bytesMax) go"])
    }
    do {
      return try JSONDecoder().decode(Scenario.self, from: data)
    } catch let refused as ScenarioRefused {
      throw ScenarioRefused(refused.reasons.map { "\(path): \($0)" })
    } catch let refused as ScheduleError {
      throw ScenarioRefused(refused.reasons.map { "\(path): schedule: \($0)" })
    } catch let error as DecodingError {
      throw ScenarioRefused(["\(path): \(Self.sentence(of: error))"])
    }
  }

  private static func sentence(of error: DecodingError) -> String {
    switch error {
    case .typeMismatch(_, let context), .valueNotFound(_, let context):
      "\(self.place(context.codingPath)) is not of the right type"
    case .keyNotFound(let key, let context):
      "\(self.place(context.codingPath + [key])) is missing"
    case .dataCorrupted(let context):
      context.codingPath.isEmpty
        ? "this is no JSON" : "\(self.place(context.codingPath)) has a value that cannot be"
    @unknown default: "it cannot be read"
    }
  }

  private static func place(_ path: [any CodingKey]) -> String {
    path.map { $0.intValue.map { "[\($0)]" } ?? ".\($0.stringValue)" }.joined()
      .drop { $0 == "." }.description
  }
}
