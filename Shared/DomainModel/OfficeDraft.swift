/// The office table while it is read.
struct OfficeDraft {
  let divisions: DivisionTable
  var version: String?
  var source: String?
  var offices: [Office] = []
  var rows: [PolicyRow] = []

  init(divisions: DivisionTable) {
    self.divisions = divisions
  }

  mutating func take(_ row: PolicyRow) throws(PolicyFileError) {
    switch row.fields[0] {
    case "version": self.version = try row.text(1, "version")
    case "source": self.source = try row.text(1, "source")
    default:
      let office = try self.office(row)
      for other in self.offices where other.code == office.code {
        if other.validity.overlaps(office.validity) {
          throw row.error("\(office.code) stands twice for the same days")
        }
      }
      self.offices.append(office)
      self.rows.append(row)
    }
  }

  private func office(_ row: PolicyRow) throws(PolicyFileError) -> Office {
    try row.require(fields: 14)
    let kindText = try row.text(1, "kind")
    guard let kind = Office.Kind(rawValue: kindText) else {
      throw row.error("no kind of office: \(kindText)")
    }
    let county = try row.digits(4, "county", count: 6)
    guard let division = self.divisions.division(county), division.kind.isCountyLevel else {
      throw row.error("no county: \(county)")
    }
    let served = row.list(5)
    if kind != .station && !served.isEmpty { throw row.error("only stations serve streets") }
    var appeal: Office.Appeal?
    if kind == .bureau || kind == .populationCentre {
      appeal = Office.Appeal(
        reviewAuthority: try row.text(12, "review authority"), court: try row.text(13, "court"))
    }
    return Office(
      code: try row.digits(0, "code", count: 12), kind: kind, name: try row.text(2, "name"),
      parent: kind == .bureau ? nil : try row.digits(3, "parent", count: 12), county: county,
      streets: Set(served.filter { $0 != "*" }), isDefault: served.contains("*"),
      applications: try Self.applications(row),
      validity: Validity(
        first: try row.optionalDate(7, "first day"), last: try row.optionalDate(8, "last day")),
      successor: row.optionalText(9), seal: try row.text(10, "seal"),
      creditCode: kind == .bureau ? try Self.creditCode(row) : nil, appeal: appeal)
  }

  private static func applications(
    _ row: PolicyRow
  ) throws(PolicyFileError) -> Set<ApplicationKind> {
    var kinds: Set<ApplicationKind> = []
    for word in row.list(6) {
      if word == "*" { return Set(ApplicationKind.allCases) }
      guard let kind = ApplicationKind(rawValue: word) else {
        throw row.error("no kind of application: \(word)")
      }
      kinds.insert(kind)
    }
    return kinds
  }

  private static func creditCode(_ row: PolicyRow) throws(PolicyFileError) -> String {
    let text = try row.text(11, "credit code")
    guard CertificateIdentifier.isCreditCode(text) else {
      throw row.error("a credit code has 18 digits and capitals: \(text)")
    }
    return text
  }

  func checkReferences() throws(PolicyFileError) {
    let codes = Set(self.offices.map(\.code))
    let bureaus = Set(self.offices.filter { $0.kind == .bureau }.map(\.code))
    for (office, row) in zip(self.offices, self.rows) {
      if let parent = office.parent, !bureaus.contains(parent) {
        throw row.error("the office above is no bureau: \(parent)")
      }
      if let successor = office.successor, !codes.contains(successor) {
        throw row.error("the successor is not listed: \(successor)")
      }
    }
  }

  /// Every county has one bureau and one default station, and no street has two stations, on any
  /// day that its entries have in common.
  func checkCounties(of file: PolicyFile) throws(PolicyFileError) {
    let byCounty = Dictionary(grouping: zip(self.offices, self.rows), by: \.0.county)
    for county in self.divisions.counties {
      let entries = byCounty[county.code] ?? []
      guard entries.contains(where: { $0.0.kind == .bureau }) else {
        throw file.error("\(county.code) \(county.name) has no bureau")
      }
      guard entries.contains(where: { $0.0.isDefault }) else {
        throw file.error("\(county.code) \(county.name) has no default station")
      }
      for (index, entry) in entries.enumerated() {
        for other in entries[..<index] where Self.conflict(entry.0, other.0) {
          throw entry.1.error("does the same for \(county.name) as line \(other.1.line)")
        }
      }
    }
  }

  private static func conflict(_ one: Office, _ other: Office) -> Bool {
    guard one.validity.overlaps(other.validity),
      !one.applications.isDisjoint(with: other.applications)
    else { return false }
    return (one.kind == .bureau && other.kind == .bureau) || (one.isDefault && other.isDefault)
      || !one.streets.isDisjoint(with: other.streets)
  }
}
