/// As what somebody acts for another person.
public enum ActingCapacity: String, Hashable, Sendable, CaseIterable {
  /// 监护人
  case guardian
  /// 近亲属
  case relative
  /// 受托人
  case trustee
}
