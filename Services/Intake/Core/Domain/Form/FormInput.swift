import DomainModel

/// The form as a caller wrote it: anything may be missing or wrong. It is stored as it is, so that
/// the applicant goes on from any device; `FormRule` says what is wrong with it.
///
/// A sub-message that is missing reads as an empty one, so that each missing field is named; only
/// the guardian may be absent by right.
struct FormInput: Hashable, Sendable {
  var applicant = IdentityInput()
  var residence = AddressInput()
  var phone = ""
  var claims: [ClaimInput] = []
  var guardian: GuardianInput?
  var workplace = ""
  var kinship: KinshipInput?
  var changedOn = ""
  var proxy: ProxyInput?
  var shownPaper = Choice<CounterPaper>.missing
}

extension FormInput {
  /// The guardian's citizen number; nil where none can be read. Whose permit a guardian could have
  /// himself does not matter.
  func guardianID(on today: CivilDate) -> CitizenID? {
    guard let guardian else { return nil }
    let read = CitizenID.check(
      guardian.citizenID, on: today, from: CitizenID.anyOrigin)
    return try? read.get()
  }

  /// The numbers of those whom it is about: applicant, guardian, who acts for the applicant, and
  /// the relative whose dwelling it is.
  var parties: [String] {
    [
      self.applicant.citizenID, self.guardian?.citizenID, self.proxy?.citizenID,
      self.kinship?.relativeID,
    ].compactMap(\.self)
  }
}

/// A person as the caller wrote him.
struct IdentityInput: Hashable, Sendable {
  var citizenID = ""
  var name = ""
  var sex = Choice<Sex>.missing
  var ethnicityCode = ""
  var household = AddressInput()
}

/// An address as the caller wrote it.
struct AddressInput: Hashable, Sendable {
  var divisionCode = ""
  var street = ""
  var community = ""
  var detail = ""
}

/// A claimed condition as the caller wrote it.
struct ClaimInput: Hashable, Sendable {
  var condition = Choice<Condition>.missing
  var evidence: [Choice<EvidenceKind>] = []
}

/// A guardian as the caller wrote him.
struct GuardianInput: Hashable, Sendable {
  var citizenID = ""
  var name = ""
  var relation = Choice<GuardianRelation>.missing
}

/// Who acts for the applicant, as the caller wrote him.
struct ProxyInput: Hashable, Sendable {
  var capacity = Choice<ActingCapacity>.missing
  var citizenID = ""
  var name = ""
}

/// What was shown at the counter for a confirmation slip. The raw value is the number in the
/// published contract.
enum CounterPaper: Int32, Hashable, Sendable, CaseIterable {
  /// 居民身份证
  case identityCard = 1
  /// 居民户口簿
  case householdBook = 2
  /// 电子居住证
  case electronicPermit = 3
}

/// How a guardian is related to a child under 16.
enum GuardianRelation: Int32, Hashable, Sendable, CaseIterable {
  /// 父母
  case parent = 1
  /// 其他监护人
  case other = 2
}

/// One value of a list, as a caller chose it.
enum Choice<Value: Hashable & Sendable>: Hashable, Sendable {
  /// Nothing was chosen.
  case missing
  /// Something that is not on the list, such as a value of a later version of the contract.
  case unknown
  case known(Value)

  /// The value, where it is on the list.
  var value: Value? {
    if case .known(let value) = self { value } else { nil }
  }
}

/// 亲属关系承诺书 as the caller wrote it, with what was assented to and when.
struct KinshipInput: Hashable, Sendable {
  var relativeID = ""
  var relativeName = ""
  var relation = ""
  var textVersion = ""
  var isAssented = false
  /// This service's own: what a caller sends here is not kept.
  var text = ""
  var assentedAt: Timestamp?
}
