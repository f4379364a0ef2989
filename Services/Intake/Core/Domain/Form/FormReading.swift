import DomainModel

/// What a form is checked against.
struct FormContext: Sendable {
  /// The day of the check in Asia/Shanghai.
  var today: CivilDate
  var divisions: DivisionTable
  var policy: PolicySettings
  /// What is applied for: it says which parts of the form and which materials are asked for.
  var kind: KindPolicy
  /// How it comes in.
  var channel: ApplicationChannel
  /// Who submits.
  var submitter: Submitter
  /// As what he acts, where it is for another person.
  var proxy: ActingCapacity?
  /// Where the registry has the applicant registered; nil where it was not asked.
  var registered: [Address]?

  /// Who submits a form: an applicant may do so for himself or his ward, a platform for anybody.
  enum Submitter: Hashable, Sendable {
    case anybody
    /// A person, with the citizen number that the login proved, if it proved one.
    /// `isFaceChecked`: whether his face has just been checked at his login.
    case person(citizenID: String?, isFaceChecked: Bool)
  }
}

/// The form with each value read by itself, and what stands beside it. The rules (`FormRule`) judge
/// this; each rule sees the whole, and none sees another's verdict.
struct FormReading: Sendable {
  let input: FormInput
  let context: FormContext
  let commitment: Commitment?
  let slots: Set<MaterialSlot>

  let citizenID: Result<CitizenID, Defects>
  let name: Result<PersonName, Defects>
  let ethnicity: Result<Ethnicity, Defects>
  let phone: Result<PhoneNumber, Defects>
  let guardianID: Result<CitizenID, Defects>?
  let guardianName: Result<PersonName, Defects>?
  let proxyID: Result<CitizenID, Defects>?
  let proxyName: Result<PersonName, Defects>?
  let household: Address
  let residence: Address

  /// Reads a form with the materials and the commitment that belong to it.
  init(
    _ input: FormInput, materials slots: Set<MaterialSlot>, commitment: Commitment?,
    in context: FormContext
  ) {
    self.input = input
    self.context = context
    self.commitment = commitment
    let isKinshipSigned = input.kinship?.isAssented == true
    self.slots = isKinshipSigned ? slots.union([MaterialSlot(.kinshipCommitment)]) : slots
    self.citizenID = CitizenID.check(input.applicant.citizenID, on: context.today)
    self.name = PersonName.check(input.applicant.name)
    self.ethnicity = Ethnicity.check(input.applicant.ethnicityCode)
    self.phone = PhoneNumber.check(input.phone)
    // A guardian only shows who he is; whose permit he could have himself does not matter.
    self.guardianID = input.guardian.map {
      CitizenID.check($0.citizenID, on: context.today, from: CitizenID.anyOrigin)
    }
    self.guardianName = input.guardian.map { PersonName.check($0.name) }
    self.proxyID = input.proxy.map {
      CitizenID.check($0.citizenID, on: context.today, from: CitizenID.anyOrigin)
    }
    self.proxyName = input.proxy.map { PersonName.check($0.name) }
    self.household = Address(input.applicant.household)
    self.residence = Address(input.residence)
  }

  /// When a field is asked for, by the kind; nil where it is not wanted.
  func need(of field: FormField) -> KindPolicy.Need? { self.context.kind.need(of: field) }

  /// The applicant's full years, where the number tells.
  var applicantAge: Int? {
    self.citizenID.value?.birthDate.completedYears(until: self.context.today)
  }

  /// Whether somebody must apply for the applicant (Decree 663, Art. 9); nil where the age is not
  /// known.
  var needsGuardian: Bool? {
    if self.need(of: .guardian) == nil { return false }
    return self.applicantAge.map { $0 < self.context.policy.guardianRequiredUnderYears }
  }
}

extension Result where Failure == Defects {
  /// The value, where there is one.
  var value: Success? { try? self.get() }
  /// The defects, where there are some.
  var reasons: [DefectReason] {
    if case .failure(let defects) = self { defects.reasons } else { [] }
  }
}

extension Address {
  fileprivate init(_ input: AddressInput) {
    self.init(
      division: input.divisionCode, street: input.street, community: input.community,
      detail: input.detail)
  }
}
