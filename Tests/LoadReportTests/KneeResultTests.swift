import Foundation
import FoundationXML
import Testing

@testable import LoadReport

/// What a search tells when it is over.
struct KneeResultTests {
  /// A search on a system that holds rates to 40 a second, and how it fails above.
  static func searched(
    above: Int = 40, trialsMax: Int = 40,
    fail: (inout RunResult) -> Void = { $0.rates.completed = 0 }
  ) throws -> KneeResult {
    var search = try KneeSearch(lowPerS: 10, highPerS: 80, stepPerS: 10, trialsMax: trialsMax)
    var trials: [KneeTrial] = []
    let first = try SampleResult.run()
    while case .tryRate(let perS) = search.next {
      var result = first
      if perS > Double(above) { fail(&result) }
      let trial = KneeTrial(perS: perS, result: result)
      trials.append(trial)
      search.record(trial.standing)
    }
    return KneeResult(search, trials: trials, first: first)
  }

  @Test func `a knee is told with what gives way beyond it`() throws {
    let result = try Self.searched()
    #expect(result.headline == "Holds 40 whole lives a second, and not 50.")
    #expect(
      result.firstToGiveWay
        == "At 50 a second the first to give way is: All whole lives that are due are completed: "
        + "0 of 12,000 completed.")
    #expect(result.exitCode == 0)
    #expect(result.secondsEach == 60)
  }

  @Test func `a search that broke an invariant is not held, and says so`() throws {
    let found = try Self.searched()
    var search = try KneeSearch(lowPerS: 10, highPerS: 10, stepPerS: 10, trialsMax: 4)
    while case .tryRate = search.next { search.record(.held) }
    func result(_ isHeld: Bool) throws -> KneeResult {
      let check = InvariantCheck(promise: "All agree", isHeld: isHeld, found: "2 differ")
      return KneeResult(
        search, trials: found.trials, first: try SampleResult.run(), invariants: [check])
    }
    #expect(try result(true).exitCode == 0)
    #expect(try result(true).afterwards == "Afterwards every invariant was held.")
    let broken = try result(false)
    #expect(broken.exitCode == 1)
    #expect(broken.afterwards == "Afterwards it was not held that: All agree: 2 differ.")
    #expect(broken.table().contains("All agree: 2 differ"))
    #expect(broken.page().contains("All agree: 2 differ"))
    #expect(try KneeResult(json: broken.json()) == broken)
  }

  @Test func `what was nearest to its end stands beside`() throws {
    let result = try Self.searched {
      $0.rates.completed = 0
      $0.nearestToItsEnd = "Nearest to its end: the disk."
    }
    let told = try #require(result.firstToGiveWay)
    #expect(told.hasSuffix("0 of 12,000 completed. Nearest to its end: the disk."))
    #expect(try KneeResult(json: result.json()) == result)
  }

  @Test func `each end of a search has its sentence`() throws {
    let all = try Self.searched(above: 80)
    #expect(all.headline == "Holds 80 whole lives a second, the highest rate that was tried.")
    #expect(all.firstToGiveWay == nil && all.exitCode == 0)
    let none = try Self.searched(above: 0)
    #expect(
      none.headline == "Does not hold 10 whole lives a second, the lowest rate that was tried.")
    #expect(none.firstToGiveWay?.hasPrefix("At 10 a second") ?? false)
    #expect(none.exitCode == 1)
    let open = try Self.searched(trialsMax: 4)
    #expect(
      open.headline
        == "Not certain: the trials ran out. It held 40 whole lives a second and not 80.")
    #expect(open.exitCode == 1)
    let nothing = try Self.searched(above: 0, trialsMax: 1)
    #expect(
      nothing.headline == "Not certain: the trials ran out. It held nothing that was tried "
        + "and not 10.")
  }

  @Test func `a generator that is too slow is not the system's limit`() throws {
    let result = try Self.searched { $0.rates.begun = 0 }
    #expect(
      result.firstToGiveWay
        == "At 50 a second the load generator itself could not keep up: the system may hold more.")
    #expect(result.trials.contains { $0.standing == .notMeasured })
  }

  @Test func `is read as it was written`() throws {
    for result in [try Self.searched(), try Self.searched(above: 80), try Self.searched(above: 0)] {
      #expect(try KneeResult(json: result.json()) == result)
    }
    let error = #expect(throws: ResultError.self) {
      try KneeResult(json: SampleResult.run().json())
    }
    #expect(error?.description == "this is no result of a search: name is missing")
  }

  @Test func `its table has a line a trial`() throws {
    let table = try Self.searched().table()
    let lines = table.split(separator: "\n")
    #expect(lines.count { $0.contains(" held") && $0.contains("Registry.VerifyPermit") } >= 8)
    #expect(table.contains("Holds 40 whole lives a second, and not 50.\nAt 50 a second the first"))
    #expect(table.contains("Each trial: 1 min. It ran on AMD EPYC 7B13"))
  }

  @Test func `a trial keeps its slowest operation and the first that was not held`() throws {
    let trial = KneeTrial(
      perS: 7, result: try SampleResult.run(stallSeconds: 20..<22))
    #expect(trial.slowest?.name == "Intake.SubmitApplication")
    #expect(trial.broken.count == KneeTrial.brokenMax)
    #expect(trial.broken.first?.hasSuffix("(after 20 s)") ?? false)
  }

  @Test(arguments: [0, 40, 80])
  func `its page is well-formed and escaped`(above: Int) throws {
    var result = try Self.searched(above: above)
    result.name = "<b>&\"'"
    result.setting.command = "</td><script>"
    let page = result.page()
    let parser = XMLParser(data: Data(page.utf8))
    #expect(parser.parse(), "\(String(describing: parser.parserError))")
    #expect(!page.contains("<script") && !page.contains("<b>"))
    // A mark for each trial, full or crossed.
    let marks = ["<circle ", "stroke-width=\"2.5\""].map { page.split(separator: $0).count - 1 }
    #expect(marks.reduce(0, +) == result.trials.count)
    #expect(page.contains("class=\"border\"") == (above > 0))
  }
}
