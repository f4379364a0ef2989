import DomainModel
import Testing

/// The list of service points: what is found, and what is refused at which line.
struct ServicePointTests {
  private let divisions: DivisionTable
  private let offices: OfficeTable
  private let sample: ServicePointTable

  init() throws {
    self.divisions = try DivisionTable(text: policyText("divisions.tsv"))
    self.offices = try OfficeTable(text: policyText("offices.tsv"), divisions: self.divisions)
    self.sample = try ServicePointTable(
      text: policyText("service_points.tsv"), divisions: self.divisions, offices: self.offices)
  }

  @Test func `every county has a place to go to, and all of it says that it is made up`() {
    #expect(self.sample.isSample)
    #expect(self.sample.source.contains("sample"))
    for county in self.divisions.counties {
      let found = self.sample.points(
        in: county.code, taking: .firstPermit, on: day("2026-11-20"))
      #expect(!found.isEmpty, "\(county.name)")
      #expect(found.allSatisfy { $0.county == county.code })
    }
  }

  @Test func `a city's places are its counties', and a province's are all`() {
    let on = day("2026-11-20")
    let city = self.sample.points(in: "331100", taking: nil, on: on)
    #expect(city.contains { $0.county == "331123" })
    #expect(city.allSatisfy { $0.county.hasPrefix("3311") })
    #expect(self.sample.points(in: "330000", taking: nil, on: on) == self.sample.points)
    #expect(self.sample.points(in: nil, taking: nil, on: on) == self.sample.points)
    #expect(self.sample.points(in: "310000", taking: nil, on: on).isEmpty)
    #expect(self.sample.points.map(\.id) == self.sample.points.map(\.id).sorted())
  }

  @Test func `another region's service sees its own places`() throws {
    let policy = try PolicySettings(text: policyText("shanghai.tsv"), file: "shanghai.tsv")
    let divisions = try DivisionTable(
      text: policyText("divisions.tsv"), region: policy.region, unit: policy.residenceUnit)
    let offices = try OfficeTable(text: policyText("offices.tsv"), divisions: divisions)
    let table = try ServicePointTable(
      text: policyText("service_points.tsv"), divisions: divisions, offices: offices)
    #expect(!table.points.isEmpty)
    #expect(table.points.allSatisfy { $0.county.hasPrefix("31") })
    #expect(table.points(in: nil, taking: .endorsement, on: day("2026-11-20")).isEmpty)
  }

  @Test func `hours are told by weekday and time`() throws {
    let table = try self.table(Self.line)
    let point = try #require(table.points.first)
    #expect(point.hours.count == 11)
    let spans = point.hours.map { [$0.weekday, $0.opens, $0.closes] }
    #expect(spans.first == [1, 510, 720] && spans.last == [6, 540, 1_440])
    #expect(OpeningSpan.clock(510) == "08:30" && OpeningSpan.clock(1_440) == "24:00")
    #expect(point.followsWorkingDays)
    #expect(point.applications == [.firstPermit, .endorsement])
    #expect(point.phone == nil && point.office == "331123500000" && point.remark == "一楼")
  }

  @Test func `a place is there on its days, and takes what it takes`() throws {
    let table = try self.table(Self.line)
    let (first, last) = (day("2026-01-01"), day("2026-12-31"))
    func found(_ date: CivilDate, _ kind: ApplicationKind?) -> [String] {
      table.points(in: "331123", taking: kind, on: date).map(\.id)
    }
    #expect(found(first, nil) == ["SP1"] && found(last, .endorsement) == ["SP1"])
    #expect(found(first.adding(days: -1), nil).isEmpty)
    #expect(found(last.adding(days: 1), nil).isEmpty)
    #expect(found(first, .cancellation).isEmpty)
  }

  private static let line =
    "SP1|station|遂昌户籍窗口|331123|示例路1号|-|1-5 08:30-12:00 14:00-17:30;6 09:00-24:00"
    + "|working_days|first_permit,endorsement|331123500000|2026-01-01|2026-12-31|一楼"

  private func table(_ lines: String) throws -> ServicePointTable {
    let head = "version|1\nsource|s\nsample|no\n"
    return try ServicePointTable(
      text: (head + lines).replacing("|", with: "\t"), file: "p", divisions: self.divisions,
      offices: self.offices)
  }

  @Test(arguments: [
    ("SP1|", "sp1|", "p:4: an id has digits and capitals, at most 32: sp1"),
    ("|station|", "|bank|", "p:4: no such kind of service point: bank"),
    ("|遂昌户籍窗口|", "|-|", "p:4: name is missing"),
    ("|331123|示", "|331199|示", "p:4: no county: 331199"),
    ("|331123|示", "|331100|示", "p:4: no county: 331100"),
    ("|331123|示", "|3311|示", "p:4: county is not 6 digits: 3311"),
    ("|示例路1号|", "|-|", "p:4: address is missing"),
    ("1-5 08", "1-8 08", "p:4: hours are weekdays and times, such as 1-5 08:30-17:00, not 1-8 "),
    ("1-5 08", "5-1 08", "p:4: hours are weekdays and times, such as 1-5 08:30-17:00, not 5-1 "),
    ("6 09:00-24:00", "6", "p:4: hours are weekdays and times, such as 1-5 08:30-17:00, not 6"),
    ("09:00-24:00", "09:00-24:01", "p:4: no span of a day: 09:00-24:01"),
    ("09:00-24:00", "9:00-10:00", "p:4: no span of a day: 9:00-10:00"),
    ("09:00-24:00", "10:00-09:00", "p:4: no span of a day: 10:00-09:00"),
    ("14:00-17:30", "11:59-17:30", "p:4: hours lie over one another on weekday 1"),
    ("|working_days|", "|daily|", "p:4: days is weekdays or working_days, not daily"),
    ("first_permit,", "last_permit,", "p:4: no such kind: last_permit"),
    ("first_permit,endorsement", "-", "p:4: no kind of application is taken"),
    ("|331123500000|", "|331121500000|", "p:4: no office of 331123: 331121500000"),
    ("2026-12-31", "2026-02-30", "p:4: last day is no date: 2026-02-30"),
    ("|一楼", "", "p:4: 12 fields where 13 are wanted"),
  ])
  func `refuses a bad line and says where`(part: String, instead: String, error: String) {
    let thrown = #expect(throws: PolicyFileError.self) {
      try self.table(Self.line.replacing(part, with: instead))
    }
    #expect(thrown?.description.hasPrefix(error) == true, "\(thrown?.description ?? "")")
  }

  @Test func `refuses an id twice for the same days, and a list without its head`() {
    let twice = #expect(throws: PolicyFileError.self) {
      try self.table(Self.line + "\n" + Self.line)
    }
    #expect(twice?.description == "p:5: SP1 stands for the same days in line 4")
    let headless = #expect(throws: PolicyFileError.self) {
      try ServicePointTable(
        text: "version\t1\nsource\ts\n", file: "p", divisions: self.divisions,
        offices: self.offices)
    }
    #expect(headless?.description == "p:0: version, source or sample is missing")
    let unsure = #expect(throws: PolicyFileError.self) {
      try ServicePointTable(
        text: "sample\tmaybe\n", file: "p", divisions: self.divisions, offices: self.offices)
    }
    #expect(unsure?.description == "p:1: sample is no or yes, not maybe")
  }
}
