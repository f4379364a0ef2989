import DomainModel

/// Where a permit stands at an instant.
enum PermitState: String, Hashable, Sendable, CaseIterable {
  /// 正常
  case valid
  /// 待签注: valid, and within the month before the full year, the anniversary included (Decree 663,
  /// Art. 10; Zhejiang Regulation, Art. 19).
  case endorsementWindow = "endorsement_window"
  /// 使用功能中止: not endorsed by the full year (Zhejiang Regulation, Art. 19).
  case suspended
  /// 挂失
  case lost
  /// 注销
  case cancelled
}

/// The term of a permit.
struct PermitTerm: Hashable, Sendable {
  /// 签发日期
  let issuedOn: CivilDate
  /// From which day its years are counted: the day of issue, or under the policy's `late_anchor`
  /// that of the last late endorsement.
  var anchorOn: CivilDate
  /// The full year: the permit is valid to the end of this day.
  var validToOn: CivilDate

  /// A term; its years are counted from the day of issue unless another is given.
  init(issuedOn: CivilDate, validToOn: CivilDate, anchorOn: CivilDate? = nil) {
    self.issuedOn = issuedOn
    self.anchorOn = anchorOn ?? issuedOn
    self.validToOn = validToOn
  }
}
