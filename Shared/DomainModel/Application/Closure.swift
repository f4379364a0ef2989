/// Why an application ends without a decision (终止): an event outside of it has left nothing to
/// decide. A closed list (rules, Registry: outside events).
public enum ClosureReason: String, Hashable, Sendable, CaseIterable {
  /// 死亡: an application is the applicant's own, and with him ends what he could ask for (Civil
  /// Code, Art. 13).
  case death
  /// 户口迁入: whoever is registered for good in the unit is no resident from elsewhere there
  /// (Zhejiang Regulation, Art. 2).
  case localHukou = "local_hukou"

  /// From which instant in law an application is closed. The day of a death counts whole, but never
  /// beyond the instant at which it was recorded; a new hukou counts from its first day's begin.
  /// Nothing was closed before it was submitted.
  ///
  /// - Parameters:
  ///   - day: The day of the event, in Asia/Shanghai.
  ///   - recordedAt: When the registry recorded it.
  public func instant(
    on day: CivilDate, recordedAt: Timestamp, submittedAt: Timestamp
  ) -> Timestamp {
    let lawful = self == .death ? day.endOfDay : day.startOfDay
    return max(submittedAt, min(lawful, recordedAt))
  }
}

/// That an application, and the case of it, has ended without a decision.
public struct Closure: Hashable, Sendable {
  /// Why.
  public var reason: ClosureReason
  /// The day of the event: of the death, or the first of the new hukou.
  public var eventOn: CivilDate
  /// From which instant in law it is closed.
  public var closedAt: Timestamp

  /// All of it.
  public init(reason: ClosureReason, eventOn: CivilDate, closedAt: Timestamp) {
    self.reason = reason
    self.eventOn = eventOn
    self.closedAt = closedAt
  }
}
