import DomainModel
import Testing

/// Several versions of one region at once.
struct PolicyEditionsTests {
  /// Zhejiang's policy as another version, in force for other days.
  static func edition(
    _ version: String, from first: String, to last: String, region: String = "330000"
  ) throws -> (file: String, policy: PolicySettings) {
    let values = [
      "version": version, "in_force_from": first, "in_force_to": last, "region": region,
    ]
    let lines = try policyText("zhejiang.tsv").split(separator: "\n").map { line in
      let key = String(line.prefix { $0 != "\t" })
      return values[key].map { "\(key)\t\($0)\ttest" } ?? String(line)
    }
    let file = "\(version).tsv"
    return (file, try PolicySettings(text: lines.joined(separator: "\n"), file: file))
  }

  private static func three() throws -> PolicyEditions {
    try PolicyEditions([
      Self.edition("three", from: "2026-07-01", to: "-"),
      Self.edition("one", from: "2022-03-07", to: "2025-12-31"),
      Self.edition("two", from: "2026-01-01", to: "2026-06-30"),
    ])
  }

  @Test(arguments: [
    ("2022-03-07", "one"), ("2025-12-31", "one"), ("2026-01-01", "two"), ("2026-06-30", "two"),
    ("2026-07-01", "three"), ("2099-01-01", "three"),
  ])
  func `the day decides which is in force`(on date: String, version: String) throws {
    let editions = try Self.three()
    #expect(try editions.inForce(on: day(date)).version == version)
    #expect(try editions.version("", inForceOn: day(date)).version == version)
    #expect(try editions.version(version, inForceOn: day(date)).version == version)
  }

  @Test func `all are there for the cases that began under them`() throws {
    let editions = try Self.three()
    #expect(editions.all.map(\.version) == ["one", "two", "three"])
    #expect(editions.versions == ["one", "two", "three"])
    #expect(try editions.version("one").inForce.last == day("2025-12-31"))
  }

  @Test func `a version that nobody has, and one whose time it is not`() throws {
    let editions = try Self.three()
    let today = day("2026-03-10")
    #expect(throws: PolicyEditions.Refusal.unknown(version: "four")) {
      try editions.version("four")
    }
    #expect(throws: PolicyEditions.Refusal.unknown(version: "four")) {
      try editions.version("four", inForceOn: today)
    }
    #expect(
      throws: PolicyEditions.Refusal.notInForce(version: "one", on: today, inForce: "two")
    ) {
      try editions.version("one", inForceOn: today)
    }
    let before = day("2022-03-06")
    #expect(throws: PolicyEditions.Refusal.noneInForce(on: before)) {
      try editions.inForce(on: before)
    }
    #expect(
      throws: PolicyEditions.Refusal.notInForce(version: "one", on: before, inForce: nil)
    ) {
      try editions.version("one", inForceOn: before)
    }
  }

  @Test func `versions cannot differ in what a residence unit is`() throws {
    let first = try Self.edition("one", from: "2022-03-07", to: "2025-12-31")
    let text = try policyText("zhejiang.tsv")
      .replacing("residence_unit\turban_districts\t", with: "residence_unit\tcounty\t")
      .replacing("version\tzhejiang-1\t", with: "version\ttwo\t")
      .replacing("in_force_from\t2022-03-07\t", with: "in_force_from\t2026-01-01\t")
    let second = ("two.tsv", try PolicySettings(text: text, file: "two.tsv"))
    let error = #expect(throws: PolicyFileError.self) { try PolicyEditions([first, second]) }
    #expect(error.map { "\($0)" } == "two.tsv:0: has another residence_unit than one.tsv")
  }

  struct Row: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let second: (version: String, from: String, to: String, region: String)
  }

  @Test(arguments: [
    Row(
      testDescription: "two.tsv:0: is in force on a day on which one.tsv is",
      second: ("two", "2025-12-31", "-", "330000")),
    Row(
      testDescription: "two.tsv:0: leaves days without a policy after one.tsv",
      second: ("two", "2026-01-02", "-", "330000")),
    Row(
      testDescription: "one.tsv:0: is version one, as one.tsv is",
      second: ("one", "2026-01-01", "-", "330000")),
    Row(
      testDescription: "two.tsv:0: is of region 310000, one.tsv of another",
      second: ("two", "2026-01-01", "-", "310000")),
  ])
  func `versions that do not follow one another are refused`(row: Row) throws {
    let first = try Self.edition("one", from: "2022-03-07", to: "2025-12-31")
    let second = try Self.edition(
      row.second.version, from: row.second.from, to: row.second.to, region: row.second.region)
    let error = #expect(throws: PolicyFileError.self) { try PolicyEditions([first, second]) }
    #expect(error.map { "\($0)" } == row.testDescription)
    #expect(throws: PolicyFileError.self) { try PolicyEditions([]) }
  }
}
