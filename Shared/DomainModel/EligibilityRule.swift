/// The published catalogue of rules of eligibility: the codes that stand in a finding's `rule`. A
/// failed rule is no defect; it goes with the case, and only an officer refuses. It stands beside
/// `ErrorReason` in `proto/ERRORS.md`; a code is never reused, new ones are added at the end.
public enum EligibilityRule: String, Hashable, Sendable, CaseIterable {
  /// The hukou lies in another residence unit than the residence (Zhejiang Regulation, Art. 2).
  case hukouIsLocal = "HUKOU_IS_LOCAL"
  /// A residence registration is in force in the residence unit (Art. 16).
  case notRegisteredHere = "NOT_REGISTERED_HERE"
  /// The half year from the day of declaring registration has passed (Art. 16).
  case halfYearNotReached = "HALF_YEAR_NOT_REACHED"
  /// The person holds no live permit (Decree 663, Art. 4; one permit a person).
  case livePermitExists = "LIVE_PERMIT_EXISTS"

  /// The article of law the rule comes from.
  public var article: String {
    switch self {
    case .hukouIsLocal: "《浙江省流动人口居住登记条例》第二条"
    case .notRegisteredHere, .halfYearNotReached: "《浙江省流动人口居住登记条例》第十六条"
    case .livePermitExists: "《居住证暂行条例》第二条"
    }
  }

  /// What an applicant reads whose application meets the rule, or does not.
  public func english(passed: Bool) -> String {
    switch (self, passed) {
    case (.hukouIsLocal, true): "The household registration lies outside this residence unit."
    case (.hukouIsLocal, false):
      "The household registration lies in this residence unit; such residents need no permit."
    case (.notRegisteredHere, true): "A residence registration is in force here."
    case (.notRegisteredHere, false): "No residence registration is in force here."
    case (.halfYearNotReached, true): "The half year from the declaration is reached or not asked."
    case (.halfYearNotReached, false):
      "The half year from the day of declaring registration is not reached."
    case (.livePermitExists, true): "The person holds no other residence permit."
    case (.livePermitExists, false): "The person already holds a live residence permit."
    }
  }

  /// The same in Chinese.
  public func chinese(passed: Bool) -> String {
    switch (self, passed) {
    case (.hukouIsLocal, true): "常住户口不在本居住地市区或县(市)。"
    case (.hukouIsLocal, false): "常住户口在本居住地市区或县(市),无需申领居住证。"
    case (.notRegisteredHere, true): "在本居住地有有效的居住登记。"
    case (.notRegisteredHere, false): "在本居住地没有有效的居住登记。"
    case (.halfYearNotReached, true): "自申报居住登记之日起已满半年,或依法不受半年限制。"
    case (.halfYearNotReached, false): "自申报居住登记之日起未满半年。"
    case (.livePermitExists, true): "未持有其他居住证。"
    case (.livePermitExists, false): "已持有有效居住证。"
    }
  }
}
