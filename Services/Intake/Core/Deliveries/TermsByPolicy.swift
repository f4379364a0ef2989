import DomainModel

/// The terms that an application runs under: those of the policy it keeps.
struct TermsByPolicy: Sendable {
  let policies: PolicyEditions
  let calendar: WorkingDayCalendar

  func callAsFunction(of application: Application) -> CaseTerms {
    CaseTerms(policy: self.policy(application.policyVersion), calendar: self.calendar)
  }

  /// A version of the policy; where it is not loaded any more, the latest: no step may stop for a
  /// text that names a day.
  func policy(_ version: String) -> PolicySettings {
    (try? self.policies.version(version)) ?? self.policies.latest
  }

  /// How the application comes to its effect. A kind that its policy no longer names is one that
  /// officers have.
  func road(of application: Application) -> Road {
    self.policy(application.policyVersion).kinds.kinds[application.kind].map(Road.init) ?? .decided
  }
}
