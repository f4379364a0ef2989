import DomainModel

/// 受托人: who fetches a slip in the holder's place.
struct EntrustedPerson: Hashable, Sendable {
  let name: String
  let citizenID: String
}

/// Which paper was shown for a confirmation slip.
enum SlipPaper: String, Hashable, Sendable, CaseIterable {
  case identityCard = "identity_card"
  case householdBook = "household_book"
  case electronicPermit = "electronic_permit"
}

/// What a confirmation slip is printed from, checked in itself.
struct SlipOrder: Hashable, Sendable {
  let certificateIdentifier: String
  let shown: SlipPaper
  /// nil where the holder came.
  let entrusted: EntrustedPerson?
}

/// An order to print a slip as sent: not yet checked.
struct SlipClaim: Hashable, Sendable {
  var certificateIdentifier: String
  var shown: SlipPaper?
  var entrusted: EntrustedPerson?

  /// The order, the entrusted person's number normalised; throws with every defect.
  func checked(on today: CivilDate) throws -> SlipOrder {
    var defects = DefectList()
    defects.checkIdentifier(self.certificateIdentifier, at: "certificate_identifier")
    if self.shown == nil { defects.add(.fieldMissing, at: "shown_paper") }
    let entrusted = self.entrusted.flatMap { claim -> EntrustedPerson? in
      let name = defects.take(PersonName.check(claim.name), at: "entrusted.name")
      let number = defects.take(
        CitizenID.check(claim.citizenID, on: today, from: CitizenID.anyOrigin),
        at: "entrusted.citizen_id")
      guard let name, let number else { return nil }
      return EntrustedPerson(name: name.text, citizenID: number.text)
    }
    try defects.throwIfAny(.requestInvalid)
    guard let shown = self.shown else { throw ServiceError(.requestInvalid) }
    return SlipOrder(
      certificateIdentifier: self.certificateIdentifier, shown: shown, entrusted: entrusted)
  }
}
