import DomainModel

/// The terms that an application runs under: those of the policy it keeps.
struct TermsByPolicy: Sendable {
  let policies: PolicyEditions
  let calendar: WorkingDayCalendar

  /// Where the application's policy is not loaded any more, by the latest: no step may stop for a
  /// text that names a day.
  func callAsFunction(of application: Application) -> CaseTerms {
    let own = try? self.policies.version(application.policyVersion)
    return CaseTerms(policy: own ?? self.policies.latest, calendar: self.calendar)
  }
}
