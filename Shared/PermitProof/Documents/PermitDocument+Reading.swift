import Crypto
import DomainModel

extension PermitDocument {
  /// The most bytes of a document; real ones have about 1,300.
  public static let bytesMax = 8_192
  /// The most Unicode scalars of an authority's name and of a permit's number.
  public static let textCharactersMax = 200

  /// The document in its canonical bytes. Bytes that differ in anything from what
  /// `canonicalBytes` writes are refused; no signature is checked.
  public init(canonicalBytes bytes: [UInt8]) throws(FormDefect) {
    let value = try CanonicalReader.value(in: bytes, bytesMax: Self.bytesMax)
    if let fields = try? CanonicalFields(value, format: Edition.first.format) {
      try self.init(firstEdition: fields)
    } else {
      try self.init(
        secondEdition: try CanonicalFields(value, format: Edition.second.format))
    }
  }

  /// The holder's name that a document's canonical bytes say, of whichever edition; nil where they
  /// say none. For whom it is all he needs: what else they say is read past and not judged.
  public static func holderName(canonicalBytes bytes: [UInt8]) -> String? {
    let value = try? CanonicalReader.value(in: bytes, bytesMax: Self.bytesMax)
    guard case .object(let members) = value, case .object(let holder) = members["holder"],
      case .string(let name) = holder["name"]
    else { return nil }
    return name
  }

  private init(secondEdition object: CanonicalFields) throws(FormDefect) {
    var fields = object
    let naming = try Self.naming(&fields)
    let holder = try Self.holder(try fields.object("holder"))
    let residence = try Self.address(try fields.object("residence_address"))
    let term = Term(
      issuedOn: try fields.date("issued_on"), validFromOn: try fields.date("valid_from_on"),
      validToOn: try fields.date("valid_to_on"))
    guard term.validFromOn <= term.validToOn else { throw fields.wrong("valid_to_on") }
    let signing = Signing(
      try Self.authority(try fields.object("issuing_authority"), of: naming.identifier),
      keyID: try fields.word("key_id", charactersMax: TrustedKey.idCharactersMax),
      at: try fields.instant("signed_at_ms"))
    try fields.finish()
    self.init(naming, holder: holder, residence: residence, term: term, signing: signing)
  }

  private static func naming(_ fields: inout CanonicalFields) throws(FormDefect) -> Naming {
    let identifier = try fields.identifier("certificate_identifier")
    let name = try fields.text("certificate_name", charactersMax: Self.textCharactersMax)
    guard name.utf8.elementsEqual(Self.certificateName.utf8) else {
      throw fields.wrong("certificate_name")
    }
    var type = try fields.object("certificate_type")
    let code = try type.text("code", charactersMax: Self.textCharactersMax)
    guard code.utf8.elementsEqual(identifier.type.utf8) else { throw type.wrong("code") }
    let typeName = try type.text("name", charactersMax: Self.textCharactersMax)
    guard typeName.utf8.elementsEqual(Self.typeName.utf8) else { throw type.wrong("name") }
    try type.finish()
    return Naming(
      identifier,
      number: try fields.text("certificate_number", charactersMax: Self.textCharactersMax),
      previous: fields.has("previous_certificate_identifier")
        ? try fields.identifier("previous_certificate_identifier") : nil)
  }

  private static func authority(
    _ object: CanonicalFields, of identifier: CertificateIdentifier
  ) throws(FormDefect) -> Authority {
    var fields = object
    let code = try fields.text("code", charactersMax: Self.textCharactersMax)
    guard code.utf8.elementsEqual(identifier.issuer.utf8) else { throw fields.wrong("code") }
    let authority = Authority(
      name: try fields.text("name", charactersMax: Self.textCharactersMax),
      officeCode: try fields.digits("office_code", count: 12))
    try fields.finish()
    return authority
  }

  private static func holder(_ object: CanonicalFields) throws(FormDefect) -> Holder {
    var fields = object
    let type = try fields.text("code_type", charactersMax: Self.textCharactersMax)
    guard type.utf8.elementsEqual(Self.holderCodeType.utf8) else { throw fields.wrong("code_type") }
    let holder = try Self.holder(&fields, code: "code")
    try fields.finish()
    return holder
  }

  /// What both editions say of a holder; they name his number differently.
  static func holder(
    _ fields: inout CanonicalFields, code: String
  ) throws(FormDefect) -> Holder {
    let sexCode = try fields.digits("sex_code", count: 1)
    guard let sex = Int(sexCode).flatMap(Sex.init(rawValue:)) else {
      throw fields.wrong("sex_code")
    }
    return Holder(
      name: try fields.text("name", charactersMax: PersonName.charactersMax),
      citizenID: try Self.citizenID(&fields, code), birthOn: try fields.date("birth_on"), sex: sex,
      ethnicityCode: try fields.digits("ethnicity_code", count: 2),
      household: try Self.address(try fields.object("household_address")),
      photoSHA256: try fields.bytes("photo_sha256", count: DigestAlgorithm.byteCount))
  }

  private static func citizenID(
    _ fields: inout CanonicalFields, _ name: String
  ) throws(FormDefect) -> String {
    let text = try fields.word(name, charactersMax: 18)
    let isNumber = text.utf8.dropLast().allSatisfy { (0x30...0x39).contains($0) }
    let isCheck = text.utf8.last.map { (0x30...0x39).contains($0) || $0 == UInt8(ascii: "X") }
    guard text.utf8.count == 18, isNumber, isCheck == true else { throw fields.wrong(name) }
    return text
  }

  static func address(_ object: CanonicalFields) throws(FormDefect) -> Address {
    var fields = object
    let address = Address(
      division: try fields.digits("division_code", count: 6),
      street: try fields.text(
        "street", charactersMax: Address.streetCharactersMax, isRequired: false),
      community: try fields.text(
        "community", charactersMax: Address.communityCharactersMax, isRequired: false),
      detail: try fields.text("detail", charactersMax: Address.detailCharactersMax))
    try fields.finish()
    return address
  }
}
