import DomainModel

/// A residence registration (居住登记).
struct Registration: Hashable, Sendable {
  let id: ID<Registration>
  let address: Address
  /// 申报日: the half year runs from here (Zhejiang Regulation, Art. 16).
  let declaredOn: CivilDate
  /// The last day it was in force; nil while it is.
  let endedOn: CivilDate?
  /// The office that registered: 12 digits.
  let officeCode: String
  let recordedAt: Timestamp

  /// How many registrations of one person are kept: far more than anybody moves house.
  static let perPersonMax = 500
}

/// What recording a registration comes to.
enum RegistrationDecision: Hashable, Sendable {
  /// It is new and to be kept.
  case record
  /// The same person declared the same address on the same day before: that one stands.
  case existing(Registration)

  /// Decides over everything on record about the person; throws with every defect.
  static func decide(
    _ command: RegistrationCommand, over known: [Registration]
  ) throws -> RegistrationDecision {
    var defects = DefectList()
    let same = known.first {
      $0.declaredOn == command.declaredOn && $0.address == command.address
    }
    if let same, same.endedOn != command.endedOn {
      defects.add(.registrationDiffers, at: "ended_on")
    }
    if same == nil, known.count >= Registration.perPersonMax {
      defects.add(.registrationsTooMany, at: "person")
    }
    try defects.throwIfAny(.requestInvalid)
    return same.map(RegistrationDecision.existing) ?? .record
  }
}
