import DomainModel

/// The canonical document of a permit: the bytes that are signed, and all that a stranger needs
/// beside the public key.
///
/// It holds the statutory face data (Decree 663, Art. 4: name, sex, ethnicity, birth date, citizen
/// number, photo, hukou address, residence address, issuing authority, issue date), and beside it
/// the identifier, the last day of validity and the key's id. The photo stands as the SHA-256 of
/// its bytes, in hexadecimal.
struct PermitDocument: Hashable, Sendable {
  let certificateIdentifier: String
  let holder: PersonIdentity
  let residence: Address
  let photoSHA256: [UInt8]
  let term: PermitTerm
  let bureau: Office
  let keyID: String

  /// What the document says it is; a change of its fields raises the number.
  static let format = "anju-residence-permit/1"

  /// The bytes to sign.
  var canonicalBytes: [UInt8] {
    CanonicalJSON.object([
      "certificate_identifier": .string(self.certificateIdentifier),
      "format": .string(Self.format),
      "holder": .object([
        "birth_on": .string(self.holder.citizenID.birthDate.iso),
        "citizen_id": .string(self.holder.citizenID.text),
        "ethnicity_code": .string(self.holder.ethnicity.code),
        "household_address": Self.json(self.holder.household),
        "name": .string(self.holder.name.text),
        "photo_sha256": .string(Self.hexadecimal(self.photoSHA256)),
        "sex_code": .string(String(self.holder.citizenID.sex.rawValue)),
      ]),
      "issued_on": .string(self.term.issuedOn.iso),
      "issuing_authority": .object([
        "code": .string(self.bureau.code),
        "name": .string(self.bureau.name),
      ]),
      "key_id": .string(self.keyID),
      "residence_address": Self.json(self.residence),
      "valid_to_on": .string(self.term.validToOn.iso),
    ]).utf8
  }

  /// The holder's name in a document's bytes; nil in bytes of another form.
  ///
  /// The canonical form has one place where an object is followed by a name, and within a string a
  /// quotation mark never stands without its backslash.
  static func holderName(in document: [UInt8]) -> String? {
    guard let place = document.firstRange(of: Array(#"},"name":""#.utf8)) else { return nil }
    let name = document[place.upperBound...].prefix { $0 != UInt8(ascii: "\"") }
    return name.contains(UInt8(ascii: "\\")) ? nil : String(decoding: name, as: UTF8.self)
  }

  private static func json(_ address: Address) -> CanonicalJSON {
    .object([
      "community": .string(address.community),
      "detail": .string(address.detail),
      "division_code": .string(address.division),
      "street": .string(address.street),
    ])
  }

  private static func hexadecimal(_ bytes: [UInt8]) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}
