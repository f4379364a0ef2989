import DomainModel
import ServiceCore
import Wire

/// From the wire to the domain. What a later version of the contract names is `unknown`, never an
/// error: the form's rules say so.
extension FormInput {
  init(_ form: ModelV1.ApplicationForm) {
    self.init(
      applicant: IdentityInput(form.applicant ?? ModelV1.Identity()),
      residence: AddressInput(form.residence), phone: form.phone,
      claims: form.claims.map(ClaimInput.init), guardian: form.guardian.map(GuardianInput.init),
      workplace: form.workplace, kinship: form.kinship.map(KinshipInput.init),
      changedOn: form.changedOn, proxy: form.proxy.map(ProxyInput.init),
      shownPaper: Choice(form.shownPaper.rawValue, CounterPaper.init(rawValue:)))
  }
}

extension KinshipInput {
  init(_ kinship: ModelV1.KinshipCommitment) {
    self.init(
      relativeID: kinship.relativeCitizenID, relativeName: kinship.relativeName,
      relation: kinship.relation, textVersion: kinship.textVersion, isAssented: kinship.assented,
      text: kinship.text,
      assentedAt: kinship.assentedAtMs > 0
        ? Timestamp(milliseconds: kinship.assentedAtMs) : nil)
  }
}

extension ProxyInput {
  init(_ proxy: ModelV1.Proxy) {
    self.init(
      capacity: Choice(proxy.capacity.rawValue, ActingCapacity.init(number:)),
      citizenID: proxy.citizenID, name: proxy.name)
  }
}

extension ActingCapacity {
  /// Of whom the form names as acting; a guardian has a place of his own there.
  init?(number: Int32) {
    switch ModelV1.ProxyCapacity(rawValue: number) {
    case .relative: self = .relative
    case .trustee: self = .trustee
    case .unspecified, .unrecognized: return nil
    }
  }
}

extension IdentityInput {
  init(_ identity: ModelV1.Identity) {
    self.init(
      citizenID: identity.citizenID, name: identity.name,
      sex: Choice(identity.sex.rawValue, Sex.init(number:)),
      ethnicityCode: identity.ethnicityCode, household: AddressInput(identity.householdAddress))
  }
}

extension AddressInput {
  init(_ address: ModelV1.Address?) {
    self.init(
      divisionCode: address?.divisionCode ?? "", street: address?.street ?? "",
      community: address?.community ?? "", detail: address?.detail ?? "")
  }
}

extension ClaimInput {
  init(_ claim: ModelV1.ConditionClaim) {
    self.init(
      condition: Choice(claim.condition.rawValue, Condition.init(rawValue:)),
      evidence: claim.evidence.map(Choice.init))
  }
}

extension GuardianInput {
  init(_ guardian: ModelV1.Guardian) {
    self.init(
      citizenID: guardian.citizenID, name: guardian.name,
      relation: Choice(guardian.relation.rawValue, GuardianRelation.init(rawValue:)))
  }
}

extension Choice<EvidenceKind> {
  init(_ kind: ModelV1.EvidenceKind) {
    self.init(kind.rawValue, EvidenceKind.init(rawValue:))
  }
}

extension Choice {
  /// The value with a number of the contract; 0 says that nothing was chosen.
  init(_ number: Int32, _ make: (Int32) -> Value?) {
    self = number == 0 ? .missing : make(number).map(Self.known) ?? .unknown
  }

  /// The value, or why there is none.
  var checked: Result<Value, Defects> {
    switch self {
    case .missing: .failure(Defects([.fieldMissing]))
    case .unknown: .failure(Defects([.valueUnknown]))
    case .known(let value): .success(value)
    }
  }
}

extension Sex {
  init?(number: Int32) { self.init(rawValue: Int(number)) }
}

extension ApplicationKind {
  static func chosen(_ kind: ModelV1.ApplicationKind) -> Result<ApplicationKind, Defects> {
    if kind == .unspecified { return .failure(Defects([.fieldMissing])) }
    return ApplicationKind(kind).map { .success($0) } ?? .failure(Defects([.valueUnknown]))
  }
}

extension ApplicationChannel {
  static func chosen(_ channel: ModelV1.Channel) -> Result<ApplicationChannel, Defects> {
    Choice(channel.rawValue, ApplicationChannel.init(rawValue:)).checked
  }
}

extension MaterialKind {
  static func chosen(_ kind: ModelV1.MaterialKind) -> Result<MaterialKind, Defects> {
    Choice(kind.rawValue, MaterialKind.init(rawValue:)).checked
  }
}

extension ApplicationState {
  /// Nil for a state that is no filter.
  init?(_ state: IntakeV1.ApplicationState) {
    switch state {
    case .draft: self = .draft
    case .submitted: self = .submitted
    case .supplementNeeded: self = .supplementNeeded
    case .accepted: self = .accepted
    case .notAccepted: self = .notAccepted
    case .refused: self = .refused
    case .completed: self = .completed
    case .withdrawn: self = .withdrawn
    case .closed: self = .closed
    case .unspecified, .unrecognized: return nil
    }
  }
}

extension ModelV1.ApplicationForm {
  /// Numbers and names in their normal form: what was typed in full width, with a small x or
  /// another middle dot is the same to every reader afterwards.
  mutating func normalise(by form: ApplicationForm) {
    self.applicant?.citizenID = form.citizenID.text
    self.applicant?.name = form.name.text
    self.phone = form.phone?.text ?? ""
    if let proxy = form.proxy {
      self.proxy?.citizenID = proxy.citizenID.text
      self.proxy?.name = proxy.name.text
    }
    if let guardian = form.guardian {
      self.guardian?.citizenID = guardian.citizenID.text
      self.guardian?.name = guardian.name.text
    }
  }
}
