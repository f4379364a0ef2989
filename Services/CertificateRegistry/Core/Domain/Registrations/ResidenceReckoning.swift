import DomainModel

/// The time of residence that a person's registrations make up as of a day (rules, Registry).
struct ResidenceReckoning: Hashable, Sendable {
  /// The half year in one unit, that of the registration declared last; moves inside of it never
  /// begin it anew. Nil where no chain reaches the day.
  let inUnit: Reckoned?
  /// The accumulated continuous registration over all units of the province; nil where no chain
  /// reaches the day.
  let inProvince: Reckoned?

  /// A chain, and the half year that it fills.
  struct Reckoned: Hashable, Sendable {
    /// The code of the unit; nil where all units of the province count.
    let unit: String?
    let chain: ResidenceChain
    let halfYear: HalfYear
    /// Whether the first day of eligibility has come.
    let isComplete: Bool
  }

  /// What the registrations make up as of a day. Those that lie in no unit of the region count
  /// nowhere, and so do those that were recorded in error.
  init(_ registrations: [Registration], asOf day: CivilDate, by policy: RegistryPolicy) {
    let periods = registrations.filter(\.counts).compactMap { registration in
      policy.divisions.residenceUnit(of: registration.address.division).flatMap { unit in
        RegistrationPeriod(
          unit: unit.code, declaredOn: registration.declaredOn, endedOn: registration.endedOn)
      }
    }
    func reckon(_ unit: String?) -> Reckoned? {
      let chain = ResidenceChain.reaching(day, in: periods, unit: unit, policy: policy.settings)
      guard let chain else { return nil }
      let halfYear = chain.halfYear(policy: policy.settings)
      return Reckoned(
        unit: unit, chain: chain, halfYear: halfYear, isComplete: halfYear.isComplete(on: day))
    }
    let last = periods.filter { $0.declaredOn <= day }.max { $0.declaredOn < $1.declaredOn }
    self.inUnit = last.flatMap { reckon($0.unit) }
    self.inProvince = reckon(nil)
  }
}
