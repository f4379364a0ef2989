/// An address as a form gives it: a division's code, the street, town or township in it, the
/// community, and the rest.
public struct Address: Hashable, Sendable {
  /// What an address is used for; the rules differ.
  public enum Use: Hashable, Sendable {
    /// Where the person lives: in force, in the region, with a street, because an office is found
    /// by it.
    case residence
    /// Where the hukou is: anywhere in the country, under a code in force or given up. It is never
    /// derived from the identity number.
    case hukou
  }

  /// The most Unicode scalars of a street's name.
  public static let streetCharactersMax = 50
  /// The most Unicode scalars of a community's name.
  public static let communityCharactersMax = 50
  /// The most Unicode scalars of the rest.
  public static let detailCharactersMax = 200

  /// The six-digit code of the county, county-level city or district.
  public var division: String
  /// 街道、镇、乡, by name.
  public var street: String
  /// 社区、村, by name; may be empty.
  public var community: String
  /// Road, number, building, room.
  public var detail: String

  /// An address as it came in; `defects` judges it.
  public init(division: String, street: String, community: String = "", detail: String) {
    self.division = division
    self.street = street
    self.community = community
    self.detail = detail
  }

  /// Notes everything that is wrong with the address, under the field it stands in.
  public func check(
    as use: Use, in divisions: DivisionTable, on date: CivilDate, field: String,
    into list: inout DefectList
  ) {
    list.add(self.divisionDefects(as: use, in: divisions, on: date), at: field + ".division_code")
    let street = TextRules.defects(
      of: self.street, charactersMax: Self.streetCharactersMax, isRequired: false)
    list.add(street, at: field + ".street")
    if use == .residence && TextRules.isBlank(self.street) {
      list.add(.addressStreetMissing, at: field + ".street")
    }
    let community = TextRules.defects(
      of: self.community, charactersMax: Self.communityCharactersMax, isRequired: false)
    list.add(community, at: field + ".community")
    let detail = TextRules.defects(
      of: self.detail, charactersMax: Self.detailCharactersMax, isRequired: false)
    list.add(detail, at: field + ".detail")
    if TextRules.isBlank(self.detail) { list.add(.addressDetailMissing, at: field + ".detail") }
  }

  /// What is wrong with the division alone.
  public func divisionDefects(
    as use: Use, in divisions: DivisionTable, on date: CivilDate
  ) -> [DefectReason] {
    if TextRules.isBlank(self.division) { return [.fieldMissing] }
    switch (divisions.standing(of: self.division, on: date), use) {
    case (.unknown, _): return [.divisionUnknown]
    case (.current(let division), .residence):
      if division.kind.isCountyLevel { return [] }
      let isInRegion = division == divisions.region || division.parent == divisions.region.code
      return [isInRegion ? .divisionNotCounty : .divisionOutsideRegion]
    case (.abolished, .residence): return [.divisionAbolished]
    case (.elsewhere, .residence): return [.divisionOutsideRegion]
    case (.current(let division), .hukou):
      return division.kind.isCountyLevel ? [] : [.divisionNotCounty]
    case (.abolished, .hukou): return []
    case (.elsewhere, .hukou):
      return self.division.hasSuffix("00") ? [.divisionNotCounty] : []
    }
  }

  /// The address to street level, which is as much as outsiders may see.
  public func masked(in divisions: DivisionTable) -> String {
    (divisions.fullName(of: self.division) ?? "") + self.street
  }
}
