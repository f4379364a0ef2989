/// The administrative divisions as one region sees them: all provinces, and the region down to its
/// counties. Codes that were given up stay in it, because registrations and papers still carry
/// them. The file may list several regions; those that are not meant count as elsewhere.
public struct DivisionTable: Sendable {
  /// What a code stands for.
  public enum Standing: Hashable, Sendable {
    /// In force.
    case current(Division)
    /// Given up; `successors` took its place, where known.
    case abolished(name: String?, successors: [String])
    /// In another province.
    case elsewhere(province: Division)
    /// No such code.
    case unknown
  }

  /// Which edition of the data this is.
  public let version: String
  /// Where the data comes from.
  public let source: String
  /// The province that it is the table of.
  public let region: Division
  /// The region's prefectures in force, by code.
  public let prefectures: [Division]
  /// The region's counties, county-level cities and districts in force, by code.
  public let counties: [Division]

  private let divisions: [String: Division]
  private let ranges: [ClosedRange<String>]
  private let unitRule: PolicySettings.UnitRule

  /// Reads `divisions.tsv`; its README describes the form. The table is that of `region`, or of the
  /// first that the file lists; `unit` says what a residence unit is made of. Throws
  /// `PolicyFileError`.
  public init(
    text: String, file: String = "divisions.tsv", region: String? = nil,
    unit: PolicySettings.UnitRule = .urbanDistricts
  ) throws(PolicyFileError) {
    var draft = DivisionDraft(file: PolicyFile(name: file, text: text))
    for row in draft.file.rows { try draft.take(row) }
    try draft.checkReferences()
    guard let version = draft.version, let source = draft.source,
      let first = draft.regions.first
    else { throw draft.file.error("version, source or region is missing") }
    guard draft.regions.contains(region ?? first), let region = draft.divisions[region ?? first]
    else { throw draft.file.error("the region \(region ?? first) is not listed") }
    let own = { (division: Division) in division.code.prefix(2) == region.code.prefix(2) }
    self.version = version
    self.source = source
    self.region = region
    self.divisions = draft.divisions
    self.ranges = draft.ranges
    self.unitRule = unit
    let standing = draft.divisions.values.filter { !$0.isAbolished && own($0) }
      .sorted { $0.code < $1.code }
    self.prefectures = standing.filter { $0.kind == .prefecture }
    self.counties = standing.filter(\.kind.isCountyLevel)
  }

  /// Whether a code lies in the region.
  func isOwn(_ code: String) -> Bool { code.prefix(2) == self.region.code.prefix(2) }

  /// The listed division with a code, in force or given up.
  public func division(_ code: String) -> Division? { self.divisions[code] }

  /// What a code stands for on a day.
  public func standing(of code: String, on date: CivilDate) -> Standing {
    if let known = self.divisions[code], known.kind == .province || self.isOwn(code) {
      if known.isCurrent(on: date) { return .current(known) }
      return .abolished(name: known.name, successors: known.successors)
    }
    guard code.utf8.count == 6, code.utf8.allSatisfy(isDigit) else { return .unknown }
    if self.ranges.contains(where: { $0.contains(code) }) {
      return .abolished(name: nil, successors: [])
    }
    guard let province = self.divisions[code.prefix(2) + "0000"], province != self.region
    else { return .unknown }
    return .elsewhere(province: province)
  }

  /// The residence unit that a county-level code belongs to today, through its successors if it was
  /// given up; nil where no single one is known.
  public func residenceUnit(of code: String) -> ResidenceUnit? {
    guard self.isOwn(code), let division = self.divisions[code], division.kind.isCountyLevel
    else { return nil }
    if division.isAbolished {
      let units = Set(division.successors.compactMap { self.residenceUnit(of: $0) })
      return units.count == 1 ? units.first : nil
    }
    guard self.unitRule == .urbanDistricts, division.kind == .district,
      let city = division.parent.flatMap({ self.divisions[$0] })
    else { return ResidenceUnit(code: code, name: division.name) }
    // A municipality is one city; elsewhere the city's counties are units of their own.
    let isMunicipality = city.kind == .province
    return ResidenceUnit(code: city.code, name: isMunicipality ? city.name : city.name + "区")
  }

  /// Whether two county-level divisions are parts of one residence unit of the region.
  public func areOneUnit(_ one: String, _ other: String) -> Bool {
    guard let unit = self.residenceUnit(of: one) else { return false }
    return unit == self.residenceUnit(of: other)
  }

  /// The region's residence units, by code.
  public var residenceUnits: [ResidenceUnit] {
    Set(self.counties.compactMap { self.residenceUnit(of: $0.code) }).sorted { $0.code < $1.code }
  }

  /// The names from the province down: 浙江省丽水市遂昌县; nil for a code that is not listed.
  public func fullName(of code: String) -> String? {
    guard let division = self.divisions[code] else { return nil }
    return (division.parent.flatMap { self.fullName(of: $0) } ?? "") + division.name
  }
}

/// What has been read so far.
private struct DivisionDraft {
  let file: PolicyFile
  var version: String?
  var source: String?
  var regions: [String] = []
  var divisions: [String: Division] = [:]
  var ranges: [ClosedRange<String>] = []
  var rows: [String: PolicyRow] = [:]

  mutating func take(_ row: PolicyRow) throws(PolicyFileError) {
    switch row.fields[0] {
    case "version": self.version = try row.text(1, "version")
    case "source": self.source = try row.text(1, "source")
    case "region": self.regions.append(try row.digits(1, "region", count: 6))
    case "range":
      let first = try row.digits(1, "first code", count: 6)
      let last = try row.digits(2, "last code", count: 6)
      guard first <= last else { throw row.error("the range ends before it begins") }
      self.ranges.append(first...last)
    default: try self.takeDivision(row)
    }
  }

  private mutating func takeDivision(_ row: PolicyRow) throws(PolicyFileError) {
    try row.require(fields: 8)
    let code = try row.digits(0, "code", count: 6)
    let kind = try row.text(1, "kind")
    guard let kind = Division.Kind(rawValue: kind) else {
      throw row.error("no kind of division: \(kind)")
    }
    let status = try row.text(6, "status")
    guard status == "current" || status == "abolished" else {
      throw row.error("status is current or abolished, not \(status)")
    }
    if let earlier = self.rows[code] { throw row.error("\(code) stands in line \(earlier.line)") }
    self.rows[code] = row
    self.divisions[code] = Division(
      code: code, kind: kind, name: try row.text(2, "name"), parent: row.optionalText(3),
      validity: Validity(
        first: try row.optionalDate(4, "first day"), last: try row.optionalDate(5, "last day")),
      isAbolished: status == "abolished", successors: row.list(7))
  }

  func checkReferences() throws(PolicyFileError) {
    for (code, row) in self.rows {
      guard let division = self.divisions[code] else { continue }
      if division.kind != .province {
        let parent = division.parent.flatMap { self.divisions[$0] }
        let wanted: Division.Kind = division.kind == .prefecture ? .province : .prefecture
        let isOfMunicipality = division.kind == .district && parent?.kind == .province
        if parent?.kind != wanted && !isOfMunicipality {
          throw row.error("\(code) has no \(wanted.rawValue) above it")
        }
      }
      for successor in division.successors {
        let isThere = self.divisions[successor].map { !$0.isAbolished } ?? false
        if !isThere { throw row.error("the successor \(successor) is not in force") }
      }
    }
  }
}
