import DomainModel

/// Where a permit stands at an instant.
enum PermitState: Hashable, Sendable, CaseIterable {
  /// 正常
  case valid
  /// 待签注: valid, and within the month before the full year, the anniversary included (Decree 663,
  /// Art. 10; Zhejiang Regulation, Art. 19).
  case endorsementWindow
  /// 使用功能中止: not endorsed by the full year (Zhejiang Regulation, Art. 19).
  case suspended
}

/// The term of a permit.
struct PermitTerm: Hashable, Sendable {
  /// 签发日期
  let issuedOn: CivilDate
  /// The full year: the permit is valid to the end of this day.
  let validToOn: CivilDate
}
