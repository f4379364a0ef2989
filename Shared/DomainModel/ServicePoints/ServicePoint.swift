/// A place that takes applications, or helps with them (办事网点), as one entry of a versioned table.
public struct ServicePoint: Hashable, Sendable {
  /// What it is.
  public enum Kind: String, Hashable, Sendable, CaseIterable {
    /// 派出所户籍窗口
    case station
    /// 行政服务(审批)中心公安窗口
    case serviceCentre = "service_centre"
    /// 社区服务点、流动人口服务站
    case community
    /// 自助服务机
    case selfService = "self_service"
  }

  /// The most characters of an id: digits and capitals, so that a page can go on after it.
  public static let idCharactersMax = 32

  /// Its id.
  public let id: String
  /// What it is.
  public let kind: Kind
  /// Its full name.
  public let name: String
  /// The six-digit code of its county, county-level city or district.
  public let county: String
  /// Where it is, in full and by name.
  public let address: String
  /// Its telephone; nil where it has none.
  public let phone: String?
  /// When it is open, by weekday and time.
  public let hours: [OpeningSpan]
  /// Whether it is closed on the days off that are announced, and open on the days worked for them.
  public let followsWorkingDays: Bool
  /// The kinds of application that it takes.
  public let applications: Set<ApplicationKind>
  /// The twelve-digit code of the police office it belongs to; nil where it belongs to none.
  public let office: String?
  /// When the entry holds.
  public let validity: Validity
  /// What else is to be known, such as the floor.
  public let remark: String?
}

/// A span of a weekday in which a place is open.
public struct OpeningSpan: Hashable, Sendable {
  /// 1 for Monday to 7 for Sunday.
  public let weekday: Int
  /// In minutes after midnight in Asia/Shanghai.
  public let opens: Int
  /// Likewise, after `opens`; 1,440 is the end of the day.
  public let closes: Int

  /// A time of day as `HH:MM`.
  public static func clock(_ minutes: Int) -> String {
    "\(padded(minutes / 60, to: 2)):\(padded(minutes % 60, to: 2))"
  }
}
