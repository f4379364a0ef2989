import DomainModel
import Storage

/// What permits are asked for by.
enum PermitKey: Hashable, Sendable {
  case citizenID(CitizenID)
  case applicationID(String)
  case all
}

/// A permit with its signed document and the key that verifies it.
struct ProvablePermit: Hashable, Sendable {
  let permit: Permit
  let signed: SignedDocument
  let publicKeyPEM: String
}

extension RegistryStore {
  /// The permit with an identifier, nil if there is none.
  func permit(identifier: String) async throws -> ProvablePermit? {
    try await self.store.read { snapshot in
      let row = try snapshot.row(
        """
        SELECT permit_id, certificate_identifier, application_id, case_id, bureau_code, issued_on,
          valid_to_on, issued_at, permit.key_id AS key_id, public_key_pem
        FROM permit JOIN signing_key ON signing_key.key_id = permit.key_id
        WHERE certificate_identifier = \(identifier)
        """)
      guard let row else { return nil }
      let permit = try Self.permit(row)
      return ProvablePermit(
        permit: permit, signed: try self.signedDocument(snapshot, of: permit.id),
        publicKeyPEM: try row.text("public_key_pem"))
    }
  }

  /// Permits by ascending id after `cursor`, at most `limit`.
  func permits(_ key: PermitKey, after cursor: String, limit: Int) async throws -> [Permit] {
    try await self.store.read { snapshot in
      guard let condition = try self.condition(snapshot, key) else { return [] }
      return try snapshot.rows(
        """
        SELECT permit_id, certificate_identifier, application_id, case_id, bureau_code, issued_on,
          valid_to_on, issued_at, key_id
        FROM permit WHERE permit_id > \(cursor) \(sql: condition)
        ORDER BY permit_id LIMIT \(limit)
        """
      ).map(Self.permit)
    }
  }

  /// What a key adds to the WHERE; nil for a person nobody knows.
  private func condition(_ snapshot: Snapshot, _ key: PermitKey) throws -> SQL? {
    switch key {
    case .all: return ""
    case .applicationID(let id): return "AND application_id = \(id)"
    case .citizenID(let citizenID):
      let person = try self.persons.find(snapshot, citizenID: citizenID.text)
      return person.map { "AND person_id = \($0)" }
    }
  }

  /// A person's live permit, nil if there is none.
  func livePermit(_ snapshot: Snapshot, of person: ID<Storage.Person>) throws -> Permit? {
    try snapshot.row(
      """
      SELECT permit_id, certificate_identifier, application_id, case_id, bureau_code, issued_on,
        valid_to_on, issued_at, key_id
      FROM permit WHERE person_id = \(person) AND cancelled_at IS NULL
      """
    ).map(Self.permit)
  }

  /// The signed document of a permit that is there.
  func signedDocument(_ snapshot: Snapshot, of permit: ID<Permit>) throws -> SignedDocument {
    let row = try snapshot.row(
      "SELECT document, signature FROM permit WHERE permit_id = \(permit)")
    guard let row else { throw ServiceError(.permitNotFound) }
    return SignedDocument(
      document: try self.columns.permitDocument.open(row.bytes("document"), row: permit.text),
      signature: try row.bytes("signature"))
  }

  static func permit(_ row: Row) throws -> Permit {
    Permit(
      id: try row.id("permit_id"),
      certificateIdentifier: try row.text("certificate_identifier"),
      term: PermitTerm(
        issuedOn: try row.date("issued_on"), validToOn: try row.date("valid_to_on")),
      bureauCode: try row.text("bureau_code"), applicationID: try row.text("application_id"),
      caseID: try row.text("case_id"), keyID: try row.text("key_id"),
      issuedAt: try row.timestamp("issued_at"))
  }
}
