/// Why the clocks of a case are stopped by an officer: a closed list, of which a policy says what
/// it allows (Administrative Licence Law, Art. 45).
public enum PauseReason: String, Hashable, Sendable, CaseIterable {
  /// 听证
  case hearing
  /// 检验、检测、鉴定、专家评审
  case appraisal
}

/// What a region's policy says of stopping and extending clocks.
public struct ClockSettings: Hashable, Sendable {
  /// For how many days the clocks can be stopped for each reason, as the applicant is told; what is
  /// not here stops nothing.
  public let pauseDays: [PauseReason: Int]
  /// The local rule that lets the statute be extended (Decree 663, Art. 9); nil where there is
  /// none.
  public let extensionRule: String?
  /// Where it holds: codes of divisions, with what lies in them.
  public let extensionAreas: Set<String>
  /// How long the statute may be at most, in calendar days, with what it was extended by.
  public let extendedStatuteDaysMax: Int

  /// The longest that a local rule can make the statute (Decree 663, Art. 9: 最长不得超过30日).
  public static let extendedDaysMax = 30

  init(_ values: inout SettingReader) throws(PolicyFileError) {
    let days = [
      PauseReason.hearing: try values.number("pause_hearing_days", in: 0...180),
      .appraisal: try values.number("pause_appraisal_days", in: 0...180),
    ]
    self.pauseDays = days.filter { $0.value > 0 }
    self.extensionRule = try values.optionalText("extension_rule")
    self.extensionAreas = try values.divisions("extension_areas")
    self.extendedStatuteDaysMax = try values.number(
      "extended_statute_days_max", in: 0...Self.extendedDaysMax)
    let parts = [
      self.extensionRule != nil, !self.extensionAreas.isEmpty, self.extendedStatuteDaysMax > 0,
    ]
    try values.require(
      Set(parts).count == 1, "extension_rule",
      "needs extension_areas and extended_statute_days_max, and they need it")
  }
}
