import DomainModel

/// A dwelling's proof is waived where the residence is the registered one: whoever registered it
/// has looked at it (this project: rules on intake).
extension FormReading {
  /// Whether a claimed dwelling needs no proof.
  var isDwellingKnown: Bool {
    self.context.policy.materials.registeredDwellingIsProof && self.claims(.dwelling)
      && self.context.registered?.contains { $0.isSame(as: self.residence) } == true
  }

  /// Whether it matters where the applicant is registered: a dwelling is claimed, and not all of
  /// its proof was uploaded.
  var needsRegisteredDwelling: Bool {
    guard self.context.registered == nil, self.claims(.dwelling),
      self.context.policy.materials.registeredDwellingIsProof
    else { return false }
    let proofs = self.claimedEvidence.filter { $0.condition == .dwelling }
    return proofs.isEmpty
      || !proofs.allSatisfy { self.slots.contains(MaterialSlot(.evidence, evidence: $0)) }
  }

  private func claims(_ condition: Condition) -> Bool {
    self.input.claims.contains { $0.condition.value == condition }
  }

  /// The form with what the registry knows of its applicant's addresses.
  func knowing(registered addresses: [Address]) -> FormReading {
    var context = self.context
    context.registered = addresses
    return FormReading(
      self.input, materials: self.slots, commitment: self.commitment, in: context)
  }
}

extension Address {
  /// Whether two addresses are the same place, as they are written.
  fileprivate func isSame(as other: Address) -> Bool {
    self.division == other.division && self.street == other.street
      && self.community == other.community && self.detail == other.detail
  }
}
