import DomainModel

/// An order to issue a permit, the first one or by conversion, checked in itself. It comes from the
/// approval service with the officer as data.
struct IssueCommand: Hashable, Sendable {
  let applicationID: String
  let caseID: String
  let holder: PersonIdentity
  let residence: Address
  let phone: PhoneNumber
  let photoSHA256: [UInt8]
  /// 签发机关
  let bureau: Office
  /// The day of the approval opinion, never the day the registry got to it.
  let issuedOn: CivilDate
  let actor: String
  let actorOffice: String
  let policyVersion: String
  /// What the permit rests on where it is a conversion; nil for a first permit.
  let conversion: ConversionKind?
  /// The permit that was issued on this order and that this registry has lost; nil for a new one.
  let lost: LostPermit?
}

/// Which mutual recognition (互认转换) a conversion rests on.
enum ConversionKind: String, Hashable, Sendable, CaseIterable {
  /// 现有证件互认: the holder has a live permit of another unit.
  case existingPermit = "existing_permit"
  /// 居住登记互认: half a year of continuous registration in the province.
  case accumulatedRegistration = "accumulated_registration"
}

/// A permit that was issued and is not on record any more, because the registry was restored from
/// an older backup: what the approval service knows of it.
struct LostPermit: Hashable, Sendable {
  let certificateIdentifier: String
  let issuedAt: Timestamp

  /// Nil for a claim that names no permit, and for one that cannot be: then `defects` has why.
  init?(identifier: String, issuedAtMs: Int64, _ defects: inout DefectList) {
    if identifier.isEmpty && issuedAtMs == 0 { return nil }
    if CertificateIdentifier(identifier) == nil {
      defects.add(.valueUnknown, at: "certificate_identifier")
    }
    if issuedAtMs <= 0 { defects.add(.fieldMissing, at: "issued_at_ms") }
    self.certificateIdentifier = identifier
    self.issuedAt = Timestamp(milliseconds: issuedAtMs)
  }
}

/// An order to issue as sent: not yet checked.
struct IssueClaim: Hashable, Sendable {
  var applicationID: String
  var caseID: String
  var holder: IdentityClaim
  var residence: Address
  var phone: String
  var photoSHA256: [UInt8]
  var bureauCode: String
  var issuedOn: String
  var actor: String
  var actorOffice: String
  var policyVersion: String
  var certificateIdentifier = ""
  var issuedAtMs: Int64 = 0
  /// It is to be a conversion, whose order stands in a message of its own.
  var isConversion = false
  var conversion: ConversionKind?

  /// The command; throws with every defect. `today` is the civil date in Asia/Shanghai.
  func checked(on today: CivilDate, _ policy: RegistryPolicy) throws -> IssueCommand {
    var defects = DefectList()
    let order = self.isConversion ? "order." : ""
    if self.isConversion, self.conversion == nil { defects.add(.fieldMissing, at: "kind") }
    let referenceMax = TextLimits.referenceCharactersMax
    defects.check(self.applicationID, at: "\(order)application_id", max: referenceMax)
    defects.check(self.caseID, at: "\(order)case_id", max: referenceMax)
    let holder = self.holder.checked(at: "holder", on: today, policy.divisions, &defects)
    let issuedOn = defects.date(
      self.issuedOn, at: self.isConversion ? "order.decided_on" : "issued_on",
      notAfter: today.adding(days: OrderClaim.clockSkewDays),
      notBefore: holder?.citizenID.birthDate)
    self.residence.check(
      as: .residence, in: policy.divisions, on: issuedOn ?? today, field: "residence",
      into: &defects)
    let phone = defects.take(PhoneNumber.check(self.phone), at: "phone")
    if self.photoSHA256.count != 32 { defects.add(.hashInvalid, at: "photo_sha256") }
    let bureau = policy.bureau(self.bureauCode, on: issuedOn ?? today)
    if bureau == nil { defects.add(.officeUnknown, at: "bureau_code") }
    defects.check(self.actor, at: "\(order)actor", max: TextLimits.actorCharactersMax)
    defects.checkOffice(self.actorOffice, at: "\(order)actor_office")
    defects.check(self.policyVersion, at: "\(order)policy_version", max: referenceMax)
    let lost = LostPermit(
      identifier: self.certificateIdentifier, issuedAtMs: self.issuedAtMs, &defects)
    try defects.throwIfAny(.requestInvalid)
    guard let holder, let issuedOn, let phone, let bureau else {
      throw ServiceError(.requestInvalid)
    }
    return IssueCommand(
      applicationID: self.applicationID, caseID: self.caseID, holder: holder,
      residence: self.residence, phone: phone, photoSHA256: self.photoSHA256,
      bureau: bureau, issuedOn: issuedOn, actor: self.actor,
      actorOffice: self.actorOffice, policyVersion: self.policyVersion,
      conversion: self.conversion, lost: lost)
  }
}
