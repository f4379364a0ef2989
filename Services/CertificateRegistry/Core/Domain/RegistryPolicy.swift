public import DomainModel

/// The data that the registry's rules go by.
public struct RegistryPolicy: Sendable {
  /// The divisions of the country and of Zhejiang.
  public let divisions: DivisionTable
  /// The offices; bureaus issue permits.
  public let offices: OfficeTable
  /// Terms and switches.
  public let settings: PolicySettings
  /// Working days.
  public let calendar: WorkingDayCalendar

  /// The data together.
  public init(
    divisions: DivisionTable, offices: OfficeTable, settings: PolicySettings,
    calendar: WorkingDayCalendar
  ) {
    self.divisions = divisions
    self.offices = offices
    self.settings = settings
    self.calendar = calendar
  }

  /// The bureau (县级公安局、分局) with a code on a day; nil for any other office, which issues no
  /// permit (Decree 663, Art. 10).
  func bureau(_ code: String, on day: CivilDate) -> Office? {
    let office = self.offices.office(code, on: day)
    return office?.kind == .bureau ? office : nil
  }

  /// The term of a permit issued on a day: to the next anniversary, or to the month's last day
  /// where it has no such day (Civil Code, Art. 202).
  func term(issuedOn day: CivilDate) -> PermitTerm {
    PermitTerm(issuedOn: day, validToOn: self.settings.validTo(issuedOn: day))
  }
}
