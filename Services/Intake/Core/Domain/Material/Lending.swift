import DomainModel

/// A material of an earlier application, and which that is.
struct EarlierMaterial: Hashable, Sendable {
  var material: Material
  var application: ID<Application>
  var number: String
}

/// Which materials of earlier applications can stand in another one, by the policy.
struct Lending: Sendable {
  let rules: MaterialSettings
  let kind: KindPolicy
  let channel: ApplicationChannel

  /// A material that is offered, and the last day on which it is.
  struct Offer: Hashable, Sendable {
    var earlier: EarlierMaterial
    var until: CivilDate
  }

  /// For each place that the kind asks for and that is empty, the first of these that is young
  /// enough; in the order of the places.
  func offers(
    of earlier: [EarlierMaterial], besides filled: Set<MaterialSlot>, on today: CivilDate
  ) -> [Offer] {
    var offers: [MaterialSlot: Offer] = [:]
    for candidate in earlier {
      let slot = candidate.material.slot
      guard !filled.contains(slot), offers[slot] == nil, self.isAskedFor(slot) else { continue }
      let months =
        slot.kind == .photo ? self.rules.photoAgeMonthsMax : self.rules.paperAgeMonthsMax
      let until = CivilDate(of: candidate.material.bytesAt).adding(months: months)
      if until >= today { offers[slot] = Offer(earlier: candidate, until: until) }
    }
    return offers.values.sorted { $0.earlier.material.slot < $1.earlier.material.slot }
  }

  /// Of evidence only that of a dwelling lasts: work and study are proved anew.
  private func isAskedFor(_ slot: MaterialSlot) -> Bool {
    guard self.kind.need(of: slot.kind, by: self.channel) != nil else { return false }
    guard let evidence = slot.evidence else { return true }
    return evidence.condition == .dwelling
      && self.kind.evidence(of: .dwelling)?.contains(evidence) == true
  }
}
