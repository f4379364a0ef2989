import DomainModel

extension PermitDocument {
  /// The bytes to sign.
  public var canonicalBytes: [UInt8] {
    switch self.edition {
    case .first: self.firstEdition.utf8
    case .second: self.secondEdition.utf8
    }
  }

  private var secondEdition: CanonicalJSON {
    let identifier = self.naming.identifier
    var members: [String: CanonicalJSON] = [
      "certificate_identifier": .string(identifier.text),
      "certificate_name": .string(Self.certificateName),
      "certificate_number": .string(self.naming.number),
      "certificate_type": .object([
        "code": .string(identifier.type), "name": .string(Self.typeName),
      ]),
      "format": .string(self.edition.format),
      "holder": Self.json(self.holder),
      "issued_on": .string(self.term.issuedOn.iso),
      "issuing_authority": .object([
        "code": .string(identifier.issuer),
        "name": .string(self.signing.authority.name),
        "office_code": .string(self.signing.authority.officeCode),
      ]),
      "key_id": .string(self.signing.keyID),
      "residence_address": Self.json(self.residence),
      "signed_at_ms": .integer(self.signing.at.milliseconds),
      "valid_from_on": .string(self.term.validFromOn.iso),
      "valid_to_on": .string(self.term.validToOn.iso),
    ]
    members["previous_certificate_identifier"] = self.naming.previous.map { .string($0.text) }
    return .object(members)
  }

  private static func json(_ holder: Holder) -> CanonicalJSON {
    .object([
      "birth_on": .string(holder.birthOn.iso),
      "code": .string(holder.citizenID),
      "code_type": .string(Self.holderCodeType),
      "ethnicity_code": .string(holder.ethnicityCode),
      "household_address": Self.json(holder.household),
      "name": .string(holder.name),
      "photo_sha256": .hexadecimal(holder.photoSHA256),
      "sex_code": .string(String(holder.sex.rawValue)),
    ])
  }

  static func json(_ address: Address) -> CanonicalJSON {
    .object([
      "community": .string(address.community),
      "detail": .string(address.detail),
      "division_code": .string(address.division),
      "street": .string(address.street),
    ])
  }
}
