import DomainModel

/// A permit of an earlier kind as it is to be imported, checked in itself.
struct ImportCommand: Hashable, Sendable {
  let earlier: EarlierPermit
  let holder: PersonIdentity
  let residence: Address
  /// Where texts go; nil where nobody knows.
  let phone: PhoneNumber?
  let photoSHA256: [UInt8]
  /// 签发机关, or the bureau that has taken its place.
  let bureau: Office
}

/// A permit that was issued before there were electronic ones, by what is printed on it.
struct EarlierPermit: Hashable, Sendable {
  /// Any but the electronic one.
  let kind: PermitKind
  /// 证件编号. One kind has a number once.
  let number: String
  let issuedOn: CivilDate
  /// It stays good to the end of this day (rules, Registry).
  let validToOn: CivilDate

  /// How long a number may be, in Unicode scalars.
  static let numberCharactersMax = 64
}

/// A permit to import as sent: not yet checked.
struct ImportClaim: Hashable, Sendable {
  var kind: PermitKind?
  var number: String
  var holder: IdentityClaim
  var residence: Address
  var phone: String
  var photoSHA256: [UInt8]
  var bureauCode: String
  var issuedOn: String
  var validToOn: String

  /// How many years lie at most between issue and last day: the longest term there was is ten.
  static let yearsMax = 10

  /// The command; throws with every defect. `today` is the civil date in Asia/Shanghai.
  func checked(on today: CivilDate, _ policy: RegistryPolicy) throws -> ImportCommand {
    var defects = DefectList()
    if self.kind == nil { defects.add(.fieldMissing, at: "kind") }
    if self.kind == .electronic { defects.add(.valueUnknown, at: "kind") }
    defects.check(self.number, at: "number", max: EarlierPermit.numberCharactersMax)
    let holder = self.holder.checked(at: "holder", on: today, policy.divisions, &defects)
    let issuedOn = defects.date(
      self.issuedOn, at: "issued_on", notAfter: today, notBefore: holder?.citizenID.birthDate)
    defects.checkRegistered(
      self.residence, at: "residence", on: issuedOn ?? today, policy.divisions)
    let validToOn = defects.date(
      self.validToOn, at: "valid_to_on",
      notAfter: (issuedOn ?? today).adding(years: Self.yearsMax),
      notBefore: issuedOn?.adding(days: 1))
    var phone: PhoneNumber?
    if !self.phone.isEmpty { phone = defects.take(PhoneNumber.check(self.phone), at: "phone") }
    if self.photoSHA256.count != 32 { defects.add(.hashInvalid, at: "photo_sha256") }
    let bureau = policy.bureau(self.bureauCode, on: today)
    if bureau == nil { defects.add(.officeUnknown, at: "bureau_code") }
    try defects.throwIfAny(.requestInvalid)
    guard let kind, let holder, let issuedOn, let validToOn, let bureau else {
      throw ServiceError(.requestInvalid)
    }
    return ImportCommand(
      earlier: EarlierPermit(
        kind: kind, number: self.number, issuedOn: issuedOn, validToOn: validToOn),
      holder: holder, residence: self.residence, phone: phone, photoSHA256: self.photoSHA256,
      bureau: bureau)
  }
}
