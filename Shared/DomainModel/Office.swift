/// Which of a case's three opinions an officer gives.
public enum OfficerRole: String, Hashable, Sendable, CaseIterable {
  /// 受理人: takes the application up.
  case accept
  /// 审核人: examines it.
  case review
  /// 审批人: decides it.
  case approve
}

/// A police office that takes part in cases, as one entry of a versioned table: codes are used
/// again, offices merge, divisions are abolished.
public struct Office: Hashable, Sendable {
  /// What kind of office it is; never to be read off the digits of its code.
  public enum Kind: String, Hashable, Sendable, CaseIterable {
    /// 县级公安局、分局: decides, and is the issuing authority (签发机关) on the permit.
    case bureau
    /// 派出所: accepts and reviews for the streets it serves.
    case station
    /// 审批中心公安窗口: accepts and reviews for its county.
    case window
    /// 流动人口服务中心: reviews and decides where the county's policy names it.
    case populationCentre = "population_centre"
  }

  /// Who hears an appeal against this office's decisions, by name.
  public struct Appeal: Hashable, Sendable {
    /// 行政复议: the government of the county, within 60 days (Administrative Review Law, Art. 20).
    public let reviewAuthority: String
    /// 行政诉讼: the court, within six months.
    public let court: String
  }

  /// Twelve digits (公安机关机构代码).
  public let code: String
  /// What kind of office it is.
  public let kind: Kind
  /// Its full name.
  public let name: String
  /// The code of the office above; nil for a bureau.
  public let parent: String?
  /// The six-digit code of its county, county-level city or district.
  public let county: String
  /// The streets, towns and townships it serves, by name.
  public let streets: Set<String>
  /// Whether it takes what no other station of its county serves.
  public let isDefault: Bool
  /// The kinds of application it takes part in.
  public let applications: Set<ApplicationKind>
  /// When the entry holds.
  public let validity: Validity
  /// The code of the office that took its place.
  public let successor: String?
  /// The name on its seal.
  public let seal: String
  /// The unified social credit code (USCC) that stands in certificates; bureaus have one.
  public let creditCode: String?
  /// Who hears an appeal; bureaus and deciding centres have it.
  public let appeal: Appeal?

  func takes(_ kind: ApplicationKind, on date: CivilDate) -> Bool {
    self.validity.contains(date) && self.applications.contains(kind)
  }
}
