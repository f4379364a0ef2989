/// What a region's policy says of finding that a permit was obtained by deception (事中事后核查).
public struct InspectionSettings: Hashable, Sendable {
  /// In how many working days from the service of the notice of the facts the holder makes his
  /// statement and defence (Administrative Penalty Law, Arts. 44 and 45).
  public let statementWorkingDays: Int
  /// The highest fine, in yuan.
  public let fineYuanMax: Int

  /// The highest that any policy can say (Decree 663, Art. 18; Zhejiang Regulation, Art. 36).
  public static let fineYuanMax = 200

  init(_ values: inout SettingReader) throws(PolicyFileError) {
    self.statementWorkingDays = try values.number("fraud_statement_working_days", in: 1...30)
    self.fineYuanMax = try values.number("fraud_fine_yuan_max", in: 0...Self.fineYuanMax)
  }
}
