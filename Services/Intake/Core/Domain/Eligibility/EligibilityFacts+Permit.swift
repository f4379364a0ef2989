import DomainModel

/// Rules about the permit that a person holds.
extension EligibilityFacts {
  /// Whether the person holds a live permit, and whether he should.
  func permitVerdict(isWanted: Bool) -> Verdict {
    guard case .known(let permit) = self.permit else { return .notKnown(self.permit.missing) }
    guard let permit else { return .said(!isWanted, ["live_permit": "none"]) }
    return .said(isWanted, permit.facts)
  }

  /// Whether the permit is of the unit of the residence, and whether it should be. Without a permit
  /// there is nothing to be of a unit: another rule says whether one is needed.
  func unitVerdict(isWanted: Bool) -> Verdict {
    guard case .known(let permit) = self.permit else { return .notKnown(self.permit.missing) }
    guard let permit else { return .met(["live_permit": "none"]) }
    guard let unit = self.residenceUnit.value else {
      return .notKnown(self.residenceUnit.missing)
    }
    let isHere = permit.unit == unit
    return .said(
      isHere == isWanted,
      ["permit_unit": permit.unit?.code ?? "elsewhere", "residence_unit": unit.code])
  }

  /// What a rule says of the permit; met where there is none, which another rule is about.
  func ofPermit(_ judge: (HeldPermit) -> Verdict) -> Verdict {
    guard case .known(let permit) = self.permit else { return .notKnown(self.permit.missing) }
    return permit.map(judge) ?? .met(["live_permit": "none"])
  }

  /// Whether it can be endorsed: from the day the window opens; late too, which restores a
  /// suspended one (Art. 19).
  func windowVerdict(
    by policy: PolicySettings, _ calendar: WorkingDayCalendar
  ) -> Verdict {
    self.ofPermit { permit in
      let window = EndorsementWindow(
        anniversary: permit.validTo, policy: policy, calendar: calendar)
      let isOpen = window.opensOn <= self.today
      return .said(
        isOpen,
        [
          "valid_to_on": permit.validTo.iso, "opens_on": window.opensOn.iso,
          "closes_on": window.closesOn.iso,
        ], metOn: isOpen ? nil : window.opensOn)
    }
  }
}

extension HeldPermit {
  /// What findings say of it.
  var facts: KeyValuePairs<String, String> {
    [
      "live_permit": self.standing.rawValue, "valid_to_on": self.validTo.iso,
      "permit_unit": self.unit?.code ?? "elsewhere", "court_order": self.isHeld ? "yes" : "no",
      "endorsement_undecided": self.isEndorsementPending ? "yes" : "no",
    ]
  }
}
