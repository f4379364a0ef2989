import Foundation
import FoundationXML
import Testing

@testable import LoadReport

/// The page that a manager reads.
struct PageTests {
  /// What a reader of XML sees of a page.
  private final class Reading: NSObject, XMLParserDelegate {
    var texts: [String] = []
    var elements: [String: Int] = [:]
    var attributes: [(String, String)] = []

    func parser(
      _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
      qualifiedName: String?, attributes: [String: String]
    ) {
      self.elements[name, default: 0] += 1
      self.attributes += attributes.map { ($0.key, $0.value) }
      self.texts.append("")
    }

    func parser(_ parser: XMLParser, foundCharacters string: String) {
      self.texts[self.texts.count - 1] += string
    }
  }

  private static func read(_ page: String) throws -> Reading {
    let reading = Reading()
    let parser = XMLParser(data: Data(page.utf8))
    parser.delegate = reading
    #expect(parser.parse(), "\(String(describing: parser.parserError)) line \(parser.lineNumber)")
    return reading
  }

  /// Runs of every shape that a page may have to draw.
  static let results: [String: @Sendable () throws -> RunResult] = [
    "held": { try SampleResult.run() },
    "stalled": { try SampleResult.run(stallSeconds: 20..<22) },
    "of one call": {
      var result = try SampleResult.run()
      var recorder = LatencyRecorder()
      recorder.record(latencyUs: 1, intendedUs: 0, outcome: .answered)
      result.operations = [OperationResult(name: "one", recorder: recorder)]
      result.scenario.schedule = try Schedule.constant(ratePerS: 1, seconds: 1)
      return result
    },
    "of nothing": {
      var result = try SampleResult.run()
      result.operations = []
      result.costs.services = []
      result.invariants = []
      return result
    },
    "of failures alone": {
      var result = try SampleResult.run()
      var recorder = LatencyRecorder()
      for _ in 0..<9 { recorder.record(latencyUs: 1, intendedUs: 0, outcome: .failed(code: "A")) }
      result.operations = [OperationResult(name: "one", recorder: recorder)]
      return result
    },
    "of an hour's wait": {
      var result = try SampleResult.run()
      var recorder = LatencyRecorder()
      recorder.record(latencyUs: .max, intendedUs: .max, outcome: .timedOut)
      result.operations = [OperationResult(name: "one", recorder: recorder)]
      return result
    },
    "of many operations": {
      var result = try SampleResult.run()
      result.operations += (0..<9).map { index in
        var again = result.operations[index % 3]
        again.name = "Again\(index)"
        return again
      }
      return result
    },
    "not measured": {
      var result = try SampleResult.run()
      result.rates.begun = 0
      result.rates.completed = 0
      result.rates.generatorLag = LatencyHistogram()
      return result
    },
  ]

  @Test(arguments: results.keys.sorted())
  func `is well-formed, and draws only what is a number`(_ name: String) throws {
    let make = try #require(Self.results[name])
    let page = try make().page()
    let reading = try Self.read(page)
    #expect((reading.elements["svg"] ?? 0) >= 1)
    let numbers = reading.attributes.filter { ["d", "x", "y", "x1", "y2"].contains($0.0) }
    #expect(numbers.allSatisfy { !$0.1.contains("n") && !$0.1.contains("-") }, "\(numbers)")
    // Nothing lies outside of the paper.
    let across = reading.attributes.filter { ["x", "x1", "x2"].contains($0.0) }
      .compactMap { Double($0.1) }
    #expect(across.allSatisfy { (0...PlotFrame.width).contains($0) })
  }

  @Test func `needs nothing from outside`() throws {
    let page = try SampleResult.run(stallSeconds: 20..<22).page()
    let reading = try Self.read(page)
    let allowed: Set = ["http://www.w3.org/1999/xhtml", "http://www.w3.org/2000/svg"]
    for (name, value) in reading.attributes {
      #expect(!["src", "href", "xlink:href", "onload", "style"].contains(name))
      #expect(!value.contains("//") || allowed.contains(value), "\(name)=\(value)")
    }
    for word in ["url(", "@import", "javascript:", "<script", "<link", "<img", "<iframe"] {
      #expect(!page.contains(word), "\(word)")
    }
    #expect(
      page.contains("content=\"default-src &#39;none&#39;; style-src &#39;unsafe-inline&#39;\""))
    #expect(page.utf8.count < 200_000)
  }

  @Test func `what came from outside stays text`() throws {
    let evil =
      "</title><script>alert(1)</script>&amp;\"' onload='x' \u{0}\u{1B}\u{202E}\u{FFFF}]]>王"
    var result = try SampleResult.run()
    result.scenario.name = evil
    result.scenario.summary = evil
    result.setting.command = evil
    result.setting.processor = evil
    result.rates.units = evil
    result.costs.unit = evil
    result.costs.services[0].service = evil
    result.operations[0].name = evil
    result.operations[0].errors = [evil: 3]
    result.aims.latencies.append(
      LatencyAim(operation: evil, percentile: .p99, latencyUsMax: 1_000))
    result.invariants[0] = InvariantCheck(promise: evil, isHeld: false, found: evil)
    result.nearestToItsEnd = evil
    let page = result.page()
    let reading = try Self.read(page)
    #expect(reading.elements["script"] == nil)
    #expect(!page.contains("<script"))
    let shown = evil.replacing("\u{0}", with: "�").replacing("\u{1B}", with: "�")
      .replacing("\u{202E}", with: "�").replacing("\u{FFFF}", with: "�")
    #expect(reading.texts.count { $0.contains(shown) } >= 10)
    #expect(reading.texts.contains(shown))
  }

  @Test func `says what was asked, what was held and what failed first`() throws {
    let reading = try Self.read(try SampleResult.run(stallSeconds: 20..<22).page())
    for text in [
      "Not held: 5 of 8 checks failed.", "What was to be held", "after 20 s", "not held", "held",
      "RESOURCE_EXHAUSTED", "to be held by p99: 50 ms", "How long callers waited, over time",
    ] { #expect(reading.texts.contains(text), "not told: \(text)") }
    #expect(reading.texts.contains { $0.hasPrefix("First to give way: Intake.SubmitApplication") })
    #expect((reading.elements["rect"] ?? 0) == 2, "a bar for each second in which calls failed")
  }

  @Test func `the curve of shares goes from the quickest call to the slowest`() throws {
    var recorder = LatencyRecorder()
    for latency in 1...8 {
      recorder.record(latencyUs: Int64(latency) * 100, intendedUs: 0, outcome: .answered)
    }
    let operation = OperationResult(name: "a", recorder: recorder)
    let curve = OperationPlots.percentileCurve(operation).compactMap { $0 }
    #expect(curve.first?.x == 1 && curve.first?.y == 100)
    #expect(curve.last?.x == 8 && curve.last?.y == 800)
    // Half of the calls were answered within the fourth.
    #expect(curve.first { $0.x >= 2 }?.y == 400)
  }

  @Test func `draws the slowest operations and says how many are left out`() throws {
    let make = try #require(Self.results["of many operations"])
    let page = try make().page()
    #expect(page.contains("The 6 quickest are in the table only."))
    #expect(!(try SampleResult.run().page()).contains("in the table only"))
  }
}
