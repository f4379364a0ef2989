import ArgumentParser
import Testing
import ToolKit
import Wire

@testable import anju

/// What automatic officers decide.
struct OfficerScriptTests {
  private static let supplement = OfficerScript.Verdict(
    decision: .supplement,
    reasons: [
      .init(code: "PHOTO_UNFIT", text: "相片不清晰"), .init(code: "ID_CARD_UNCLEAR", text: "看不清"),
    ])

  @Test func `without a script everybody passes`() {
    #expect(OfficerScript().verdict(on: ["1"], at: .review, after: 0) == .init())
  }

  @Test func `the first opinion takes the first line that fits, the second the next`() throws {
    let script = try OfficerScript(
      text: """
        # who\tstage\tdecision\treasons
        other\treview\trefuse\t-
        mine\treview\tsupplement\tPHOTO_UNFIT=相片不清晰 | ID_CARD_UNCLEAR=看不清

        *\treview\trefuse\t-
        """)
    #expect(script.verdict(on: ["mine"], at: .review, after: 0) == Self.supplement)
    #expect(script.verdict(on: ["mine"], at: .review, after: 1).decision == .refuse)
    #expect(script.verdict(on: ["mine"], at: .review, after: 2) == .init())
    #expect(script.verdict(on: ["mine"], at: .accept, after: 0) == .init())
    #expect(script.verdict(on: ["nobody"], at: .review, after: 0).decision == .refuse)
  }

  @Test(arguments: [
    ("*\treview\tpass", "line 1: four columns"),
    ("\n*\tguess\tpass\t-", "line 2: guess is no stage"),
    ("*\tunspecified\tpass\t-", "line 1: unspecified is no stage"),
    ("*\treview\tperhaps\t-", "line 1: perhaps is no decision"),
    ("*\treview\tsupplement\t-", "line 1: a supplement needs reasons"),
    ("*\treview\tpass\tA=b", "line 1: a supplement needs reasons"),
    ("*\treview\trefuse\tbecause", "line 1: because is not of the form"),
  ])
  func `a line that is none is refused with its number`(_ text: String, _ said: String) {
    #expect {
      _ = try OfficerScript(text: text)
    } throws: { error in
      (error as? ValidationError)?.message.hasPrefix(said) ?? false
    }
  }
}

/// The clock of a sandbox, as the command line moves it.
struct SandboxClockTests {
  @Test(arguments: [("90s", 90), ("15m", 900), ("36h", 129_600), ("30d", 2_592_000), ("0d", 0)])
  func `a span is a number and a unit`(_ text: String, _ seconds: Int64) {
    #expect(Span(argument: text)?.seconds == seconds)
  }

  @Test(arguments: ["", "d", "30", "-1d", "1.5h", "1w", "99999999d"])
  func `anything else is none`(_ text: String) {
    #expect(Span(argument: text) == nil)
  }
}

/// The persons of a sandbox.
struct SamplePersonTests {
  @Test func `they have numbers and phones of their own, and numbers that are valid`() {
    let numbers = SamplePerson.all.map(\.citizenID)
    #expect(Set(numbers).count == numbers.count)
    #expect(Set(SamplePerson.all.map(\.phone)).count == numbers.count)
    // The check character of GB 11643-1999, reckoned another way: the whole is 1 modulo 11.
    for number in numbers {
      let digits = number.map { $0 == "X" ? 10 : $0.wholeNumberValue ?? 0 }
      #expect(digits.reduce(0) { ($0 * 2 + $1) % 11 } == 1, "\(number)")
    }
  }
}
