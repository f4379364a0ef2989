/// The offices of a region, and which of them a case belongs to.
public struct OfficeTable: Sendable {
  /// Which edition of the data this is.
  public let version: String
  /// Where the data comes from.
  public let source: String
  /// Every entry of the region, in the order of the file.
  public let offices: [Office]

  private let byCode: [String: [Office]]
  private let byCounty: [String: [Office]]
  private let below: [String: [String]]

  /// Reads `offices.tsv`; its README describes the form. Every county in force must have a bureau
  /// and a station that takes what no other serves, so that no address is without an office. Throws
  /// `PolicyFileError`.
  public init(
    text: String, file: String = "offices.tsv", divisions: DivisionTable
  ) throws(PolicyFileError) {
    let parsed = PolicyFile(name: file, text: text)
    var draft = OfficeDraft(divisions: divisions)
    for row in parsed.rows { try draft.take(row) }
    try draft.checkReferences()
    try draft.checkCounties(of: parsed)
    guard let version = draft.version, let source = draft.source else {
      throw parsed.error("version or source is missing")
    }
    self.version = version
    self.source = source
    self.offices = draft.offices.filter { divisions.isOwn($0.county) }
    self.byCode = Dictionary(grouping: self.offices, by: \.code)
    self.byCounty = Dictionary(grouping: self.offices, by: \.county)
    self.below = Self.below(self.offices)
  }

  /// The office that holds a code on a day: itself, or what took its place.
  public func office(_ code: String, on date: CivilDate) -> Office? {
    var code = code
    for _ in 0..<Self.successionsMax {
      let entries = self.byCode[code] ?? []
      if let office = entries.first(where: { $0.validity.contains(date) }) { return office }
      let past = entries.filter { ($0.validity.last ?? .latest) < date }
      let last = past.max { ($0.validity.last ?? .latest) < ($1.validity.last ?? .latest) }
      guard let successor = last?.successor else { return nil }
      code = successor
    }
    return nil
  }

  /// An office and all that is below it, sorted: the offices whose parent it is or was, those whose
  /// place it took, and theirs. A code that the table does not know stands for itself alone.
  public func codes(from code: String) -> [String] {
    var found: Set<String> = [code]
    var waiting = [code]
    while let next = waiting.popLast() {
      for below in self.below[next] ?? [] where found.insert(below).inserted {
        waiting.append(below)
      }
    }
    return found.sorted()
  }

  /// The office at the top over one, which is itself where none is above it.
  public func top(over code: String) -> String {
    var code = code
    for _ in 0..<Self.levelsMax {
      guard let parent = self.byCode[code]?.lazy.compactMap(\.parent).last else { return code }
      code = parent
    }
    return code
  }

  /// How many levels of offices there are before a chain of parents is given up as a circle.
  public static let levelsMax = 8

  private static func below(_ offices: [Office]) -> [String: [String]] {
    var below: [String: [String]] = [:]
    for office in offices {
      for above in [office.parent, office.successor].compactMap(\.self) {
        below[above, default: []].append(office.code)
      }
    }
    return below
  }

  /// How many times a place is taken before a chain of successors is given up as a circle.
  public static let successionsMax = 16

  /// Which offices an application belongs to: a pure function of the address's county and street,
  /// the kind and the day. A street that no station serves goes to the county's default station.
  /// Nil for a county that has no office taking the kind then.
  public func route(
    county: String, street: String, kind: ApplicationKind, on date: CivilDate
  ) -> OfficeRoute? {
    let offices = (self.byCounty[county] ?? []).filter { $0.takes(kind, on: date) }
    let stations = offices.filter { $0.kind == .station }
    let served = stations.first { $0.streets.contains(street) }
    guard let station = served ?? stations.first(where: \.isDefault),
      let bureau = offices.first(where: { $0.kind == .bureau })
    else { return nil }
    return OfficeRoute(
      station: station, bureau: bureau, windows: offices.filter { $0.kind == .window },
      centre: offices.first { $0.kind == .populationCentre }, isByDefault: served == nil)
  }
}

/// The offices that may act in one case.
public struct OfficeRoute: Hashable, Sendable {
  /// The station of the residence.
  public let station: Office
  /// The county's bureau, which is the issuing authority.
  public let bureau: Office
  /// The county's approval-centre windows.
  public let windows: [Office]
  /// The population service centre, where the county's policy names it for this kind.
  public let centre: Office?
  /// Whether no station serves the street, so that the county's default one was taken.
  public let isByDefault: Bool

  /// Who may give an opinion: accept and review at the station or a window of the county, approve
  /// at the bureau; a named population centre may review and approve.
  public func offices(for role: OfficerRole) -> [Office] {
    let named = self.centre.map { [$0] } ?? []
    return switch role {
    case .accept: [self.station] + self.windows
    case .review: [self.station] + self.windows + named
    case .approve: [self.bureau] + named
    }
  }

  /// Whether an office may give an opinion.
  public func allows(office code: String, as role: OfficerRole) -> Bool {
    self.offices(for: role).contains { $0.code == code }
  }
}
