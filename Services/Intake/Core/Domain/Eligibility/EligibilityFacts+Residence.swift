import DomainModel

/// Rules about registrations (居住登记).
extension EligibilityFacts {
  /// Whether a registration in the residence unit is in force, and whether it should be.
  func registrationVerdict(isWanted: Bool) -> Verdict {
    guard let unit = self.residenceUnit.value, let registrations = self.registrations.value else {
      return .notKnown(self.residenceUnit.missing + self.registrations.missing)
    }
    let isThere = self.isRegistered(in: unit, registrations)
    return .said(
      isThere == isWanted, ["residence_unit": unit.code, "registered": isThere ? "yes" : "no"])
  }

  /// The half year runs from the day of declaring (Art. 16), along an unbroken chain of
  /// registrations: in the residence unit, or in all units of the region together.
  func halfYearVerdict(inUnit: Bool, by policy: PolicySettings) -> Verdict {
    guard let registrations = self.registrations.value else {
      return .notKnown(self.registrations.missing + (inUnit ? self.residenceUnit.missing : []))
    }
    if inUnit, self.residenceUnit.value == nil { return .notKnown(self.residenceUnit.missing) }
    let unit = inUnit ? self.residenceUnit.value?.code : nil
    let chain = ResidenceChain.reaching(
      self.today, in: registrations, unit: unit, policy: policy)
    guard let chain else { return .said(false, ["counts_from": "none"]) }
    let halfYear = chain.halfYear(policy: policy)
    let facts: KeyValuePairs = [
      "counts_from": chain.countsFrom.iso, "gap_days": "\(chain.gapDays)",
      "eligible_from": halfYear.eligibleFrom.iso,
    ]
    if halfYear.isComplete(on: self.today) { return .said(true, facts) }
    // Without a registration in force the time stands still, and waiting does not help.
    let isRunning = chain.isRegistered
    return .said(false, facts, metOn: isRunning ? halfYear.eligibleFrom : nil)
  }
}
