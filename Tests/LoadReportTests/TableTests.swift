import Testing

@testable import LoadReport

/// Results as text.
struct TableTests {
  @Test func `columns are as wide as their widest cell`() {
    var table = TextTable([("name", .left), ("n", .right)])
    table.add(["a", "1,000"])
    table.add(["longer", ""])
    #expect(table.lines == ["name        n", "a       1,000", "longer"])
  }

  @Test func `nothing in it moves the cursor`() {
    #expect(TextTable.printable("a\u{1B}[2Jb\nc\u{202E}d\u{2028}") == "a�[2Jb�c�d�")
    #expect(TextTable.printable("王·é") == "王·é")
  }

  @Test func `tells everything that a reader asks`() throws {
    var result = try SampleResult.run(stallSeconds: 20..<22)
    result.nearestToItsEnd = "The writer of intake."
    let table = result.table()
    for line in [
      "life: One person's way from the first form to a verified permit.",
      "To do it again: ./dev load life --rate 200",
      "each application          intake  approval  registry  notification     all",
      "calls to other services        3         3         3             –       –",
      "held    As many permits as cases approved: 12,000 approved, 12,000 permits",
      "BROKEN  No call fails: ",
      "Intake.SubmitApplication failed 2 × RESOURCE_EXHAUSTED",
      "First to give way: Intake.SubmitApplication: 99 of 100 calls within 50 ms; found: ",
      ", for the first time 20 s after the beginning. The writer of intake.",
      "Not held: 5 of 8 checks failed.",
    ] { #expect(table.contains(line), "not told: \(line)\n\(table)") }
    #expect(table.split(separator: "\n").allSatisfy { $0.last != " " })
  }

  @Test func `a run without calls has a table too`() throws {
    var result = try SampleResult.run()
    result.operations = []
    result.costs.services = []
    result.invariants = []
    #expect(result.table().contains("operation  calls  failed  p50  p90"))
  }
}
