import Crypto
import DomainModel

extension PermitDocument {
  /// The first edition's spelling.
  var firstEdition: CanonicalJSON {
    .object([
      "certificate_identifier": .string(self.naming.identifier.text),
      "format": .string(Edition.first.format),
      "holder": .object([
        "birth_on": .string(self.holder.birthOn.iso),
        "citizen_id": .string(self.holder.citizenID),
        "ethnicity_code": .string(self.holder.ethnicityCode),
        "household_address": Self.json(self.holder.household),
        "name": .string(self.holder.name),
        "photo_sha256": .hexadecimal(self.holder.photoSHA256),
        "sex_code": .string(String(self.holder.sex.rawValue)),
      ]),
      "issued_on": .string(self.term.issuedOn.iso),
      "issuing_authority": .object([
        "code": .string(self.signing.authority.officeCode),
        "name": .string(self.signing.authority.name),
      ]),
      "key_id": .string(self.signing.keyID),
      "residence_address": Self.json(self.residence),
      "valid_to_on": .string(self.term.validToOn.iso),
    ])
  }

  /// A document of the first edition.
  init(firstEdition object: CanonicalFields) throws(FormDefect) {
    var fields = object
    let identifier = try fields.identifier("certificate_identifier")
    var person = try fields.object("holder")
    let holder = try Self.holder(&person, code: "citizen_id")
    try person.finish()
    var office = try fields.object("issuing_authority")
    let authority = Authority(
      name: try office.text("name", charactersMax: Self.textCharactersMax),
      officeCode: try office.digits("code", count: 12))
    try office.finish()
    let issuedOn = try fields.date("issued_on")
    let validToOn = try fields.date("valid_to_on")
    guard issuedOn <= validToOn else { throw fields.wrong("valid_to_on") }
    let residence = try Self.address(try fields.object("residence_address"))
    let keyID = try fields.word("key_id", charactersMax: TrustedKey.idCharactersMax)
    try fields.finish()
    self.init(
      first: identifier, holder: holder, residence: residence, term: (issuedOn, validToOn),
      by: authority, keyID: keyID)
  }
}
