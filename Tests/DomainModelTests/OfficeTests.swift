import DomainModel
import Testing

@Suite struct OfficeTests {
  private let divisions: DivisionTable
  private let table: OfficeTable

  init() throws {
    self.divisions = try DivisionTable(text: policyText("divisions.tsv"))
    self.table = try OfficeTable(text: policyText("offices.tsv"), divisions: self.divisions)
  }

  @Test func `every county of the region has an office for every street`() throws {
    for county in self.divisions.counties {
      let route = try #require(
        self.table.route(
          county: county.code, street: "无此街道", kind: .firstPermit, on: day("2026-11-20")),
        "\(county.name)")
      #expect(route.isByDefault)
      #expect(route.bureau.code == county.code + "000000")
      #expect(route.station.code == county.code + "500000")
      #expect(route.station.parent == route.bureau.code)
      #expect(route.bureau.appeal?.reviewAuthority == county.name + "人民政府")
      #expect(route.bureau.creditCode?.count == 18)
    }
  }

  @Test(arguments: [
    ("331123", "妙高街道", "331123500000"), ("331123", "云峰街道", "331123510000"),
    ("331123", "石练镇", "331123520000"), ("330782", "赤岸镇", "330782520000"),
    ("330302", "南汇街道", "330302510000"), ("330902", "环南街道", "330902510000"),
  ])
  func `a street leads to the station that serves it`(county: String, street: String, code: String)
  {
    let route = self.table.route(
      county: county, street: street, kind: .firstPermit, on: day("2026-11-20"))
    #expect(route?.station.code == code)
    #expect(route?.isByDefault == false)
  }

  @Test func `the offices of a case may give their opinions and no other`() throws {
    let route = try #require(
      self.table.route(
        county: "331123", street: "云峰街道", kind: .firstPermit, on: day("2026-11-20")))
    let rows: [(String, OfficerRole, Bool)] = [
      ("331123510000", .accept, true), ("331123510000", .review, true),
      ("331123510000", .approve, false), ("331123370000", .accept, true),
      ("331123370000", .review, true), ("331123370000", .approve, false),
      ("331123000000", .accept, false), ("331123000000", .approve, true),
      ("331123500000", .accept, false), ("331121000000", .approve, false),
    ]
    for (office, role, isAllowed) in rows {
      #expect(route.allows(office: office, as: role) == isAllowed, "\(office) \(role)")
    }
  }

  @Test(arguments: [
    ("331123000000", ["331123000000", "331123370000", "331123500000"]),
    ("331123500000", ["331123500000"]), ("999999999999", ["999999999999"]),
  ])
  func `an office stands over itself and what is below it`(code: String, some: [String]) {
    let codes = self.table.codes(from: code)
    #expect(Set(codes).isSuperset(of: some))
    #expect(codes.allSatisfy { $0.prefix(6) == code.prefix(6) })
    #expect(codes == codes.sorted())
    #expect(self.table.top(over: code) == (code.hasPrefix("331123") ? "331123000000" : code))
  }

  @Test func `an office that took another's place has what was that one's`() throws {
    let merged =
      "331123510000\tstation\tT\t331123000000\t331123\t乙镇\tfirst_permit\t-\t2026-03-31"
      + "\t331123500000\tT\t-\t-\t-\n"
    let table = try self.table(Self.bureau + Self.station + merged)
    #expect(table.codes(from: "331123500000") == ["331123500000", "331123510000"])
    #expect(table.codes(from: "331123510000") == ["331123510000"])
    #expect(table.codes(from: "331123000000").count == 3)
  }

  @Test func `there is no office outside the region`() {
    let route = self.table.route(
      county: "310101", street: "外滩街道", kind: .firstPermit, on: day("2026-11-20"))
    #expect(route == nil)
  }

  private static let region = """
    version\t1
    source\ts
    region\t330000
    330000\tprovince\t浙江省\t-\t-\t-\tcurrent\t-
    331100\tprefecture\t丽水市\t330000\t-\t-\tcurrent\t-
    331123\tcounty\t遂昌县\t331100\t-\t-\tcurrent\t-
    """
  private static let bureau =
    "331123000000\tbureau\tB\t-\t331123\t-\tfirst_permit\t-\t-\t-\tB\t113311230000000008\tG\tC\n"
  private static let station =
    "331123500000\tstation\tS\t331123000000\t331123\t*,甲街道\tfirst_permit\t-\t-\t-\tS\t-\t-\t-\n"

  private func table(_ lines: String) throws -> OfficeTable {
    let divisions = try DivisionTable(text: Self.region)
    return try OfficeTable(
      text: "version\t1\nsource\ts\n" + lines, file: "o", divisions: divisions)
  }

  @Test func `a merged station's streets go to its successor from the day`() throws {
    let merged =
      "331123510000\tstation\tT\t331123000000\t331123\t乙镇\tfirst_permit\t-\t2026-03-31"
      + "\t331123500000\tT\t-\t-\t-\n"
    let table = try self.table(Self.bureau + Self.station + merged)
    func station(on date: String) -> String? {
      table.route(county: "331123", street: "乙镇", kind: .firstPermit, on: day(date))?.station.code
    }
    #expect(station(on: "2026-03-31") == "331123510000")
    #expect(station(on: "2026-04-01") == "331123500000")
    #expect(table.office("331123510000", on: day("2026-03-31"))?.name == "T")
    #expect(table.office("331123510000", on: day("2026-04-01"))?.name == "S")
    #expect(table.office("331123990000", on: day("2026-04-01")) == nil)
  }

  @Test func `offices that replace one another in a circle are no office`() throws {
    let one =
      "331123510000\tstation\tT\t331123000000\t331123\t乙镇\tfirst_permit\t-\t2026-03-31"
      + "\t331123520000\tT\t-\t-\t-\n"
    let other =
      "331123520000\tstation\tU\t331123000000\t331123\t丙镇\tfirst_permit\t-\t2026-03-31"
      + "\t331123510000\tU\t-\t-\t-\n"
    let table = try self.table(Self.bureau + Self.station + one + other)
    #expect(table.office("331123510000", on: day("2026-04-01")) == nil)
  }

  @Test func `a code that is used again names another office`() throws {
    let again =
      "331123510000\tstation\tOld\t331123000000\t331123\t乙镇\tfirst_permit\t-\t2020-12-31\t-\tT\t-\t-\t-\n"
      + "331123510000\tstation\tNew\t331123000000\t331123\t丙镇\tfirst_permit\t2021-01-01\t-\t-\tT\t-\t-\t-\n"
    let table = try self.table(Self.bureau + Self.station + again)
    #expect(table.office("331123510000", on: day("2020-12-31"))?.name == "Old")
    #expect(table.office("331123510000", on: day("2021-01-01"))?.name == "New")
  }

  @Test func `a population centre named by the county reviews and approves`() throws {
    let centre =
      "331123380000\tpopulation_centre\tP\t331123000000\t331123\t-\tfirst_permit\t-\t-\t-\tP\t-\tG\tC\n"
    let table = try self.table(Self.bureau + Self.station + centre)
    let route = try #require(
      table.route(county: "331123", street: "甲街道", kind: .firstPermit, on: day("2026-01-01")))
    #expect(!route.allows(office: "331123380000", as: .accept))
    #expect(route.allows(office: "331123380000", as: .review))
    #expect(route.allows(office: "331123380000", as: .approve))
  }

  @Test(arguments: [
    (Self.station, "o:3: the office above is no bureau: 331123000000"),
    (Self.bureau, "o:0: 331123 遂昌县 has no default station"),
    (Self.bureau + Self.station + Self.station, "o:5: 331123500000 stands twice for the same days"),
    (
      Self.bureau + Self.station + Self.station.replacing("50", with: "51"),
      "o:5: does the same for 遂昌县 as line 4"
    ),
    (Self.bureau.replacing("bureau", with: "post"), "o:3: no kind of office: post"),
    (Self.bureau.replacing("331123\t-", with: "331199\t-"), "o:3: no county: 331199"),
    (Self.bureau.replacing("\tG\t", with: "\t-\t"), "o:3: review authority is missing"),
    (
      Self.bureau.replacing("8\tG", with: "\tG"),
      "o:3: a credit code has 18 digits and capitals: 11331123000000000"
    ),
    (Self.bureau.replacing("first", with: "last"), "o:3: no kind of application: last_permit"),
    (Self.bureau.replacing("\t-\tfirst", with: "\t*\tfirst"), "o:3: only stations serve streets"),
  ])
  func `refuses a bad file and says where`(lines: String, error: String) {
    let thrown = #expect(throws: PolicyFileError.self) { try self.table(lines) }
    #expect(thrown?.description == error)
  }
}
