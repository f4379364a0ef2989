import DomainModel
import Testing

@Suite struct DivisionTests {
  private static let today = "2026-11-20"
  private let table: DivisionTable

  init() throws {
    self.table = try DivisionTable(text: policyText("divisions.tsv"))
  }

  @Test func `has eleven prefectures, ninety counties and sixty-four residence units`() {
    #expect(self.table.prefectures.count == 11)
    #expect(self.table.counties.count == 90)
    let kinds = Dictionary(grouping: self.table.counties, by: \.kind).mapValues(\.count)
    #expect(kinds == [.district: 37, .city: 20, .county: 33])
    #expect(self.table.residenceUnits.count == 64)
    #expect(self.table.residenceUnits.filter { $0.code.hasSuffix("00") }.count == 11)
    #expect(self.table.region.name == "浙江省")
  }

  @Test(arguments: [
    ("330100", 13), ("330200", 10), ("330300", 12), ("330400", 7), ("330500", 5), ("330600", 6),
    ("330700", 9), ("330800", 6), ("330900", 4), ("331000", 9), ("331100", 9),
  ])
  func `each prefecture has its counties`(prefecture: String, count: Int) {
    #expect(self.table.counties.filter { $0.parent == prefecture }.count == count)
  }

  @Test func `a code has the shape of its kind`() {
    for county in self.table.counties {
      let last = Int(county.code.suffix(2)) ?? 0
      let kind: Division.Kind = last <= 20 ? .district : last <= 80 ? .county : .city
      #expect(county.kind == kind, "\(county.code)")
      #expect(county.parent == county.code.prefix(4) + "00")
    }
  }

  @Test(arguments: [
    ("331123", "331123", "遂昌县"), ("331102", "331100", "丽水市区"), ("330102", "330100", "杭州市区"),
    ("330114", "330100", "杭州市区"), ("330782", "330782", "义乌市"), ("330383", "330383", "龙港市"),
    ("330922", "330922", "嵊泗县"),
    // Through the successors of a code that was given up.
    ("330103", "330100", "杭州市区"), ("330104", "330100", "杭州市区"), ("330184", "330100", "杭州市区"),
    ("330227", "330200", "宁波市区"), ("331021", "331083", "玉环市"), ("330422", "330482", "平湖市"),
  ])
  func `knows the residence unit`(code: String, unit: String, name: String) {
    #expect(self.table.residenceUnit(of: code) == ResidenceUnit(code: unit, name: name))
  }

  @Test(arguments: ["330721", "332522", "330100", "330000", "310101", "", "999999"])
  func `has no residence unit where none is known`(code: String) {
    #expect(self.table.residenceUnit(of: code) == nil)
  }

  @Test(arguments: [
    ("330103", ["330105"]), ("330104", ["330102", "330114"]), ("330125", ["330110"]),
    ("330184", ["330110"]), ("330121", ["330109"]), ("330181", ["330109"]),
    ("330123", ["330111"]), ("330183", ["330111"]), ("330124", ["330112"]),
    ("330185", ["330112"]), ("330204", ["330212"]), ("330227", ["330212"]),
    ("330283", ["330213"]), ("330224", ["330213"]), ("330322", ["330305"]),
    ("330422", ["330482"]), ("330621", ["330603"]), ("330682", ["330604"]), ("330721", []),
    ("331021", ["331083"]), ("332100", []), ("332522", []), ("332899", []), ("339001", []),
    ("339021", []),
  ])
  func `remembers codes that were given up`(code: String, successors: [String]) {
    guard case .abolished(_, successors) = self.table.standing(of: code, on: day(Self.today))
    else {
      Issue.record("\(code) is not given up for \(successors)")
      return
    }
  }

  @Test func `knows the other provinces, but not their counties`() throws {
    let standing = self.table.standing(of: "511302", on: day(Self.today))
    guard case .elsewhere(let province) = standing else {
      Issue.record("\(standing)")
      return
    }
    #expect(province.name == "四川省")
    for code in ["330199", "990101", "33010", "3301022", "", "33010a", "3325ab", "339000"] {
      #expect(self.table.standing(of: code, on: day(Self.today)) == .unknown, "\(code)")
    }
    #expect(self.table.fullName(of: "331127") == "浙江省丽水市景宁畲族自治县")
  }

  /// One address and what is wrong with it.
  struct Row: Sendable {
    var use: Address.Use
    var division: String
    var street = "妙高街道"
    var detail = "北街1号"
    var reasons: [DefectReason] = []
  }

  @Test(arguments: [
    Row(use: .residence, division: "331123"),
    Row(use: .residence, division: "", reasons: [.fieldMissing]),
    Row(use: .residence, division: "330103", reasons: [.divisionAbolished]),
    Row(use: .residence, division: "331100", reasons: [.divisionNotCounty]),
    Row(use: .residence, division: "330000", reasons: [.divisionNotCounty]),
    Row(use: .residence, division: "310000", reasons: [.divisionOutsideRegion]),
    Row(use: .residence, division: "310101", reasons: [.divisionOutsideRegion]),
    Row(use: .residence, division: "330199", reasons: [.divisionUnknown]),
    Row(
      use: .residence, division: "331123", street: " ", detail: "",
      reasons: [.addressStreetMissing, .addressDetailMissing]),
    Row(
      use: .residence, division: "331123", street: String(repeating: "街", count: 51),
      detail: "1\u{0}" + String(repeating: "号", count: 200),
      reasons: [.textTooLong, .textTooLong, .textControlCharacter]),
    Row(use: .hukou, division: "511302"), Row(use: .hukou, division: "330103"),
    Row(use: .hukou, division: "332522"), Row(use: .hukou, division: "511302", street: ""),
    Row(use: .hukou, division: "511300", reasons: [.divisionNotCounty]),
    Row(use: .hukou, division: "330100", reasons: [.divisionNotCounty]),
    Row(
      use: .hukou, division: "010101", detail: "",
      reasons: [.divisionUnknown, .addressDetailMissing]),
  ])
  func `judges an address by its use`(row: Row) {
    var list = DefectList()
    Address(division: row.division, street: row.street, detail: row.detail)
      .check(as: row.use, in: self.table, on: day(Self.today), field: "home", into: &list)
    #expect(list.violations.map(\.reason) == row.reasons.map(\.rawValue))
    #expect(list.violations.allSatisfy { $0.field.hasPrefix("home.") })
  }

  @Test func `outsiders see an address to street level`() {
    let address = Address(division: "331123", street: "妙高街道", detail: "北街1号")
    #expect(address.masked(in: self.table) == "浙江省丽水市遂昌县妙高街道")
  }

  @Test(arguments: [
    ("330102\tdistrict\t上城区\t330100\t-\t-\tcurrent", "d:6: 7 fields where 8 are wanted"),
    ("33010\tdistrict\t上城区\t330100\t-\t-\tcurrent\t-", "d:6: code is not 6 digits: 33010"),
    ("330102\tshire\t上城区\t330100\t-\t-\tcurrent\t-", "d:6: no kind of division: shire"),
    ("330102\tdistrict\t-\t330100\t-\t-\tcurrent\t-", "d:6: name is missing"),
    ("330102\tdistrict\t上城区\t330200\t-\t-\tcurrent\t-", "d:6: 330102 has no prefecture above it"),
    (
      "330102\tdistrict\t上城区\t330100\t-\t-\tgone\t-",
      "d:6: status is current or abolished, not gone"
    ),
    ("330102\tdistrict\t上城区\t330100\t2021\t-\tcurrent\t-", "d:6: first day is no date: 2021"),
    (
      "330103\tdistrict\t下城区\t330100\t-\t-\tabolished\t330105",
      "d:6: the successor 330105 is not in force"
    ),
    ("330100\tprefecture\t杭州市\t330000\t-\t-\tcurrent\t-", "d:6: 330100 stands in line 5"),
    ("range\t332899\t332100", "d:6: the range ends before it begins"),
  ])
  func `refuses a bad file and says where`(line: String, error: String) {
    let head = """
      version\t1
      source\ts
      region\t330000
      330000\tprovince\t浙江省\t-\t-\t-\tcurrent\t-
      330100\tprefecture\t杭州市\t330000\t-\t-\tcurrent\t-

      """
    let thrown = #expect(throws: PolicyFileError.self) {
      try DivisionTable(text: head + line, file: "d")
    }
    #expect(thrown?.description == error)
  }
}
