import Foundation
import LoadReport
import Testing

@testable import anju_load

struct ScenarioTests {
  /// A scenario as a file would hold it; `changed` replaces a text in it.
  private static func text(_ changed: (String, String)...) -> String {
    let whole = """
      {"name": "a", "summary": "b", "unit": "c", "units": "cs",
       "schedule": {"kind": "constant", "rate_per_s": 10, "seconds": 2},
       "stock": 1, "platforms": 2,
       "flows": [{"name": "f", "weight": 3, "steps": ["register"]},
                 {"name": "g", "weight": 1, "steps": ["progress"]}],
       "aims": [{"operation": "Intake.GetApplication", "percentile": 99.9, "latency_ms_max": 50}],
       "failed_per_million_max": 0}
      """
    return changed.reduce(whole) { $0.replacing($1.0, with: $1.1) }
  }

  private static func read(_ text: String) throws -> Scenario {
    let path = FileManager.default.temporaryDirectory
      .appending(path: "scenario-\(UUID().uuidString).json").path
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try Scenario.read(path)
  }

  @Test func `reads what a file says`() throws {
    let scenario = try Self.read(Self.text())
    #expect(scenario.flows.map(\.name) == ["f", "g"])
    #expect(scenario.schedule.arrivals == 20)
    #expect(scenario.aims.latencies.map(\.percentile.name) == ["p99.9"])
    #expect(scenario.operations == ["Registry.RecordRegistration", "Intake.GetApplication"])
    #expect(scenario.bringsNewcomers)
    let reading = try Self.read(Self.text(("[\"register\"]", "[\"permit\"]")))
    #expect(!reading.bringsNewcomers)
  }

  /// What is told, and what in the file is changed.
  static let refused: [(told: String, from: String, to: String)] = [
    ("unknown key ratio", "\"stock\"", "\"ratio\": 1, \"stock\""),
    ("platforms is missing", "\"platforms\": 2,", ""),
    ("unknown key think_ms", "\"weight\": 3", "\"weight\": 3, \"think_ms\": 5"),
    ("unknown key burst", "\"seconds\": 2", "\"seconds\": 2, \"burst\": 1"),
    ("unknown key p", "\"percentile\": 99.9", "\"percentile\": 99.9, \"p\": 1"),
    ("there is no step fly", "\"register\"", "\"fly\""),
    ("approve needs a step before it", "\"register\"", "\"register\", \"approve\""),
    ("0 steps", "[\"register\"]", "[]"),
    ("weight 0", "\"weight\": 3", "\"weight\": 0"),
    ("two flows have the same name", "\"name\": \"g\"", "\"name\": \"f\""),
    ("stock is 0, and a flow begins with", "\"stock\": 1", "\"stock\": 0"),
    ("stock is 0 to", "\"stock\": 1", "\"stock\": 100001"),
    ("platforms is 1 to", "\"platforms\": 2", "\"platforms\": 0"),
    ("an aim names Intake.Fly", "Intake.GetApplication", "Intake.Fly"),
    ("percentile is 101", "99.9", "101"),
    ("latency_ms_max is 0", "\"latency_ms_max\": 50", "\"latency_ms_max\": 0"),
    ("failed_per_million_max is 0 to", "max\": 0}", "max\": -1}"),
    ("rate_per_s", "\"rate_per_s\": 10", "\"rate_per_s\": -1"),
    ("stock is not of the right type", "\"stock\": 1", "\"stock\": \"many\""),
    ("this is no JSON", "{\"name\": \"a\"", "{\"name\": \"a\",,"),
  ]

  @Test(arguments: refused)
  func `refuses what it does not know`(row: (told: String, from: String, to: String)) {
    #expect {
      _ = try Self.read(Self.text((row.from, row.to)))
    } throws: { error in
      "\(error)".contains(row.told)
    }
  }

  @Test func `a file that is not there is named`() {
    #expect(throws: ScenarioRefused(["/nowhere.json cannot be read"])) {
      _ = try Scenario.read("/nowhere.json")
    }
  }

  /// Those that come with the harness.
  private static let shipped = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Tools/AnjuLoad/Scenarios")

  @Test func `every scenario that comes with it is read, and named as its file`() throws {
    let files = try FileManager.default.contentsOfDirectory(atPath: Self.shipped.path)
    #expect(files.count >= 9)
    for file in files {
      let scenario = try Scenario.read(Self.shipped.appending(path: file).path)
      #expect(file == scenario.name + ".json")
    }
  }

  @Test func `the province's reads are two orders above its applications`() throws {
    let province = try Scenario.read(Self.shipped.appending(path: "province.json").path)
    let weights = Dictionary(uniqueKeysWithValues: province.flows.map { ($0.name, $0.weight) })
    let reads = ["progress", "verification", "display", "desk", "guide"].compactMap { weights[$0] }
    #expect(weights["life"] == 20)
    #expect(weights["registration"] == 35)
    #expect(reads.reduce(0, +) == 2_000)
    #expect(province.schedule.peakPerS == 2_075)
  }

  @Test func `flows are drawn by weight, and the same for a seed`() throws {
    let scenario = try Self.read(Self.text())
    let drawn = (0..<40_000).map { scenario.flow(of: $0, seed: 7).name }
    let share = Double(drawn.count { $0 == "f" }) / 40_000
    #expect(abs(share - 0.75) < 0.01)
    #expect(drawn == (0..<40_000).map { scenario.flow(of: $0, seed: 7).name })
    #expect(drawn != (0..<40_000).map { scenario.flow(of: $0, seed: 8).name })
  }

  @Test func `the stock's flow makes what stock flows begin with`() {
    #expect(Flow.forStock.refusal == nil)
    #expect(!Flow.forStock.needsStock)
    let made = Flow.forStock.steps.reduce(into: Set<Fact>()) { $0.formUnion($1.makes) }
    #expect(made.isSuperset(of: [.registered, .drafted, .submitted, .opened, .issued, .loaded]))
  }
}
