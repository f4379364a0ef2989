/// An administrative division (行政区划) by its six-digit code of GB/T 2260.
public struct Division: Hashable, Sendable {
  /// Its rank.
  public enum Kind: String, Hashable, Sendable, CaseIterable {
    /// 省、自治区、直辖市、特别行政区.
    case province
    /// 设区的市.
    case prefecture
    /// 市辖区.
    case district
    /// 县级市.
    case city
    /// 县、自治县.
    case county

    /// Whether residence is registered there: a county, a county-level city or a district.
    public var isCountyLevel: Bool {
      switch self {
      case .province, .prefecture: false
      case .district, .city, .county: true
      }
    }
  }

  /// Six digits.
  public let code: String
  /// Its rank.
  public let kind: Kind
  /// Its name, such as 遂昌县.
  public let name: String
  /// The code of the division above; nil for a province.
  public let parent: String?
  /// When the code was in force, as far as is known.
  public let validity: Validity
  /// Whether the code was given up.
  public let isAbolished: Bool
  /// The codes that took its place; empty if it stands, or if none is known.
  public let successors: [String]

  /// Whether the code was in force on a day. One that was given up on an unknown day counts as in
  /// force on none.
  public func isCurrent(on date: CivilDate) -> Bool {
    if self.isAbolished && self.validity.last == nil { return false }
    return self.validity.contains(date)
  }
}

/// The days on which an entry of a table holds; an end that is not known is open.
public struct Validity: Hashable, Sendable {
  /// The first day; nil if it is not known or always was.
  public let first: CivilDate?
  /// The last day; nil if it is not known or still holds.
  public let last: CivilDate?

  /// The days from `first` to `last`, both included.
  public init(first: CivilDate? = nil, last: CivilDate? = nil) {
    self.first = first
    self.last = last
  }

  /// Whether a day lies within.
  public func contains(_ date: CivilDate) -> Bool {
    (self.first ?? .earliest) <= date && date <= (self.last ?? .latest)
  }

  /// Whether two have a day in common.
  func overlaps(_ other: Validity) -> Bool {
    (self.first ?? .earliest) <= (other.last ?? .latest)
      && (other.first ?? .earliest) <= (self.last ?? .latest)
  }
}

/// Where a residence permit holds and where registered time is counted as one (居住地): the urban
/// districts (市区) of a prefecture-level city together, or one county or county-level city
/// (Zhejiang Regulation, Arts. 2 and 19).
public struct ResidenceUnit: Hashable, Sendable {
  /// The code of the prefecture for its urban districts, else of the county or city.
  public let code: String
  /// Its name, such as 杭州市区 or 遂昌县.
  public let name: String

  /// A unit; `DivisionTable.residenceUnit(of:)` finds the one of a code.
  public init(code: String, name: String) {
    self.code = code
    self.name = name
  }
}
