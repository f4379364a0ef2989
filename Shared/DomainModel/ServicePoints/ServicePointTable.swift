/// The service points of a region (办事网点).
public struct ServicePointTable: Sendable {
  /// The most lines that a list has.
  public static let pointsMax = 20_000

  /// Which edition of the data this is.
  public let version: String
  /// Where the data comes from.
  public let source: String
  /// Whether the data are made up.
  public let isSample: Bool
  /// Every entry of the region, by ascending id.
  public let points: [ServicePoint]

  private let divisions: DivisionTable

  /// Reads `service_points.tsv`; its README describes the form. What lies in another region is
  /// checked and left out. Throws `PolicyFileError`.
  public init(
    text: String, file: String = "service_points.tsv", divisions: DivisionTable,
    offices: OfficeTable
  ) throws(PolicyFileError) {
    let parsed = PolicyFile(name: file, text: text)
    var draft = ServicePointDraft(divisions: divisions, offices: offices)
    for row in parsed.rows { try draft.take(row) }
    guard let version = draft.version, let source = draft.source, let isSample = draft.isSample
    else { throw parsed.error("version, source or sample is missing") }
    if draft.points.count > Self.pointsMax {
      throw parsed.error("more than \(Self.pointsMax) service points")
    }
    self.version = version
    self.source = source
    self.isSample = isSample
    self.points = draft.points.filter { divisions.isOwn($0.county) }.sorted { $0.id < $1.id }
    self.divisions = divisions
  }

  /// Those that there are on a day: in a county, city or province (all, for nil), and where a kind
  /// is asked for, those that take it.
  public func points(
    in division: String?, taking kind: ApplicationKind?, on date: CivilDate
  ) -> [ServicePoint] {
    self.points.filter { point in
      point.validity.contains(date)
        && (kind.map { point.applications.contains($0) } ?? true)
        && (division.map { self.lies(point.county, in: $0) } ?? true)
    }
  }

  /// Whether a code names a province, city or county of the region.
  public func knows(division code: String) -> Bool {
    self.divisions.isOwn(code) && self.divisions.division(code) != nil
  }

  private func lies(_ county: String, in division: String) -> Bool {
    var code: String? = county
    for _ in 0..<Self.levelsMax {
      if code == division { return true }
      code = code.flatMap { self.divisions.division($0)?.parent }
    }
    return false
  }

  /// County, city, province.
  private static let levelsMax = 3
}

/// The table while it is read.
struct ServicePointDraft {
  let divisions: DivisionTable
  let offices: OfficeTable
  var version: String?
  var source: String?
  var isSample: Bool?
  var points: [ServicePoint] = []
  private var lines: [String: [(validity: Validity, line: Int)]] = [:]

  init(divisions: DivisionTable, offices: OfficeTable) {
    self.divisions = divisions
    self.offices = offices
  }

  mutating func take(_ row: PolicyRow) throws(PolicyFileError) {
    switch row.fields[0] {
    case "version": self.version = try row.text(1, "version")
    case "source": self.source = try row.text(1, "source")
    case "sample": self.isSample = try row.flag(1, "sample", ["no", "yes"])
    default:
      let point = try self.point(row)
      for other in self.lines[point.id] ?? [] where other.validity.overlaps(point.validity) {
        throw row.error("\(point.id) stands for the same days in line \(other.line)")
      }
      self.lines[point.id, default: []].append((point.validity, row.line))
      self.points.append(point)
    }
  }

  private func point(_ row: PolicyRow) throws(PolicyFileError) -> ServicePoint {
    try row.require(fields: 13)
    let county = try row.digits(3, "county", count: 6)
    guard let division = self.divisions.division(county), division.kind.isCountyLevel else {
      throw row.error("no county: \(county)")
    }
    let applications = try row.words(8, "kind", of: ApplicationKind.self)
    if applications.isEmpty { throw row.error("no kind of application is taken") }
    return ServicePoint(
      id: try self.id(row),
      kind: try row.word(1, "kind of service point", of: ServicePoint.Kind.self),
      name: try row.text(2, "name"), county: county, address: try row.text(4, "address"),
      phone: row.optionalText(5), hours: try row.openingHours(6),
      followsWorkingDays: try row.flag(7, "days", ["weekdays", "working_days"]),
      applications: applications, office: try self.office(row, of: county),
      validity: Validity(
        first: try row.optionalDate(10, "first day"), last: try row.optionalDate(11, "last day")),
      remark: row.optionalText(12))
  }

  private func id(_ row: PolicyRow) throws(PolicyFileError) -> String {
    let id = try row.text(0, "id")
    guard id.utf8.count <= ServicePoint.idCharactersMax,
      id.utf8.allSatisfy({ CheckCharacters.base36Value($0) != nil })
    else { throw row.error("an id has digits and capitals, at most 32: \(id)") }
    return id
  }

  /// An office of the same county; those of another region are not known here.
  private func office(_ row: PolicyRow, of county: String) throws(PolicyFileError) -> String? {
    if row.optionalText(9) == nil { return nil }
    let code = try row.digits(9, "office", count: 12)
    if self.divisions.isOwn(county),
      !self.offices.offices.contains(where: { $0.code == code && $0.county == county })
    {
      throw row.error("no office of \(county): \(code)")
    }
    return code
  }
}

extension ServicePoint.Kind: PolicyWord {}

extension PolicyRow {
  /// A field that is one of two words, the second of which means yes.
  func flag(
    _ index: Int, _ name: String, _ words: [String]
  ) throws(PolicyFileError) -> Bool {
    let text = try self.text(index, name)
    guard let position = words.firstIndex(of: text) else {
      throw self.error("\(name) is \(words.joined(separator: " or ")), not \(text)")
    }
    return position > 0
  }
}
