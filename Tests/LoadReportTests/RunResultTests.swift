import Foundation
import Testing

@testable import LoadReport

/// A result in writing.
struct RunResultTests {
  @Test func `is read as it was written`() throws {
    var result = try SampleResult.run(stallSeconds: 20..<22)
    result.nearestToItsEnd = "The store of intake: its writer was busy 98 % of the time."
    result.aims.latencies.append(
      LatencyAim(operation: "Registry.VerifyPermit", percentile: .p9999, latencyUsMax: 1))
    #expect(try RunResult(json: result.json()) == result)
  }

  @Test func `what is not known stays so`() throws {
    var result = try SampleResult.run()
    result.costs.services = [ServiceCost(service: "intake")]
    result.operations = [OperationResult(name: "a", recorder: LatencyRecorder())]
    result.scenario.seed = .max
    let read = try RunResult(json: result.json())
    #expect(read == result)
    #expect(read.costs.total(.cpu) == nil)
    #expect(read.nearestToItsEnd == nil)
  }

  @Test func `what an earlier version wrote has calls only`() throws {
    let result = try SampleResult.run()
    let json = String(decoding: try result.json(), as: UTF8.self)
    let earlier = json.replacingOccurrences(of: #""is_flow":false,"#, with: "")
    #expect(earlier != json)
    #expect(try RunResult(json: Array(earlier.utf8)) == result)
  }

  @Test func `keys carry their units`() throws {
    let json = String(decoding: try SampleResult.run().json(), as: UTF8.self)
    for key in ["\"took_us\":60080000", "\"memory_bytes\":25769803776", "\"version\":1"] {
      #expect(json.contains(key), "\(key)")
    }
    // Three operations of a minute.
    #expect(json.utf8.count < 200_000)
  }

  /// A change to the written form, and what the reader says of it.
  static let broken: [(String, String, String)] = [
    (
      #""version":1"#, #""version":2"#,
      "the load result is of version 2; this program reads up to 1"
    ),
    (
      #""version":1"#, #""version":0"#,
      "the load result is of version 0; this program reads up to 1"
    ),
    (#""version":1"#, #""other":1"#, "this is no load result: version is missing"),
    (#""cores":2"#, #""cores":"2""#, "this is no load result: setting.cores is not of the right"),
    (#""kind":"constant""#, #""kind":"flat""#, "this is no load result: the schedule is refused"),
    (#""percentile_per_million":990000"#, #""percentile_per_million":1000001"#, "outside of 0 to"),
    (#""commit":"#, #""commits":"#, "this is no load result: setting.commit is missing"),
  ]

  @Test(arguments: broken)
  func `what cannot be read is told with its place`(
    written: String, instead: String, told: String
  ) throws {
    let json = String(decoding: try SampleResult.run().json(), as: UTF8.self)
    #expect(json.contains(written))
    let changed = json.replacingOccurrences(of: written, with: instead)
    let error = #expect(throws: ResultError.self) { try RunResult(json: Array(changed.utf8)) }
    #expect(error?.description.contains(told) ?? false, "\(error?.description ?? "")")
  }

  @Test(arguments: ["", "{", "[]", "7", "\u{FEFF}"])
  func `what is no result is refused`(_ text: String) {
    #expect(throws: ResultError.self) { try RunResult(json: Array(text.utf8)) }
  }

  /// Latencies that contradict themselves.
  static let contradictions = [
    #"{"from_us": [5], "calls": [], "min_us": 5, "max_us": 5, "total_us": 5}"#,
    #"{"from_us": [5], "calls": [0], "min_us": 5, "max_us": 5, "total_us": 5}"#,
    #"{"from_us": [5, 5], "calls": [1, 1], "min_us": 5, "max_us": 5, "total_us": 10}"#,
    #"{"from_us": [7, 5], "calls": [1, 1], "min_us": 5, "max_us": 7, "total_us": 12}"#,
    #"{"from_us": [5], "calls": [1], "min_us": 4, "max_us": 5, "total_us": 5}"#,
    #"{"from_us": [5], "calls": [1], "min_us": 5, "max_us": 6, "total_us": 5}"#,
    #"{"from_us": [5], "calls": [1], "min_us": 5, "max_us": 5, "total_us": 11}"#,
    #"{"from_us": [2049], "calls": [1], "min_us": 2049, "max_us": 2049, "total_us": 2049}"#,
    #"{"from_us": [-1], "calls": [1], "min_us": 1, "max_us": 1, "total_us": 1}"#,
    #"{"from_us": [5], "calls": [1000000001], "min_us": 5, "max_us": 5, "total_us": 5}"#,
    #"{"from_us": [4000000000], "calls": [1], "min_us": 5, "max_us": 5, "total_us": 5}"#,
  ]

  @Test(arguments: contradictions)
  func `latencies that contradict themselves are refused`(_ text: String) {
    #expect(throws: ResultError.self) {
      try JSONDecoder().decode(LatencyHistogram.self, from: Data(text.utf8))
    }
  }

  @Test func `costs are shared among the units, and never guessed`() throws {
    let costs = try SampleResult.run().costs
    let intake = try #require(costs.services.first)
    #expect(costs.perUnit(.cpu, of: intake) == 700)
    #expect(costs.perUnit(.cpu) == 1_900)
    #expect(costs.perUnit(.rows) == 60)
    #expect(costs.perUnit(.memory, of: intake) == nil)
    #expect(costs.total(.memory) == 240 << 20)
    // One of the four did not say.
    #expect(costs.perUnit(.made) == nil)
    #expect(RunCosts(unit: "a", units: 0, services: costs.services).perUnit(.cpu) == nil)
  }

  @Test func `rates are over the time that it took`() throws {
    let rates = try SampleResult.run().rates
    #expect(rates.askedPerS == 200)
    #expect(abs(rates.completedPerS - 12_000 / 60.08) < 1e-9)
  }
}
