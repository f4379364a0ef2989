import DomainModel
import Storage

/// What permits are asked for by.
enum PermitKey: Hashable, Sendable {
  case citizenID(CitizenID)
  case applicationID(String)
  case all
}

/// What of the registry a caller reaches: a condition of every WHERE by which it is found for him.
enum RegistryReach: Hashable, Sendable {
  /// An auditor's, and our own services'.
  case everything
  /// An officer's: registrations that one of `offices` made, permits that one of `bureaus` issued.
  case offices([String], bureaus: [String])

  /// The condition on a registration.
  var registrations: SQL {
    switch self {
    case .everything: "1 = 1"
    case .offices(let offices, _): "office_code IN \(values: offices)"
    }
  }

  /// The condition on a permit.
  var permits: SQL {
    switch self {
    case .everything: "1 = 1"
    case .offices(_, let bureaus): "bureau_code IN \(values: bureaus)"
    }
  }
}

/// A permit with its signed document and the key that verifies it.
struct ProvablePermit: Hashable, Sendable {
  let permit: Permit
  let signed: SignedDocument
  let publicKeyPEM: String
}

extension RegistryStore {
  /// The permit with an identifier. Throws `PERMIT_NOT_FOUND` where there is none,
  /// `OFFICER_WRONG_OFFICE` where the caller does not reach it.
  func permit(
    identifier: String, within reach: RegistryReach
  ) async throws -> ProvablePermit {
    try await self.store.read { snapshot in
      let row = try snapshot.row(
        """
        SELECT \(sql: PermitRow.columns), (
          SELECT public_key_pem FROM signing_key WHERE signing_key.key_id = permit.key_id
        ) AS public_key_pem
        FROM permit WHERE certificate_identifier = \(identifier) AND \(sql: reach.permits)
        """)
      guard let row else {
        try self.refuseHidden(snapshot, "certificate_identifier = \(identifier)", reach)
        throw ServiceError(.permitNotFound)
      }
      let permit = try PermitRow.permit(row)
      return ProvablePermit(
        permit: permit, signed: try self.signedDocument(snapshot, of: permit.id),
        publicKeyPEM: try row.text("public_key_pem"))
    }
  }

  /// Permits by ascending id after `cursor`, at most `limit`. What the caller does not reach is
  /// left out; throws `OFFICER_WRONG_OFFICE` where that is all there is.
  func permits(
    _ key: PermitKey, within reach: RegistryReach, after cursor: String, limit: Int
  ) async throws -> [Permit] {
    try await self.store.read { snapshot in
      guard let condition = try self.condition(snapshot, key) else { return [] }
      let permits = try snapshot.rows(
        """
        SELECT \(sql: PermitRow.columns)
        FROM permit WHERE permit_id > \(cursor) AND \(sql: condition) AND \(sql: reach.permits)
        ORDER BY permit_id LIMIT \(limit)
        """
      ).map(PermitRow.permit)
      if permits.isEmpty && cursor.isEmpty { try self.refuseHidden(snapshot, condition, reach) }
      return permits
    }
  }

  /// Throws `OFFICER_WRONG_OFFICE` where there is a permit that the caller does not reach: an
  /// officer may know that another office has it.
  private func refuseHidden(
    _ snapshot: Snapshot, _ condition: SQL, _ reach: RegistryReach
  ) throws {
    if reach == .everything { return }
    let hidden = try snapshot.row("SELECT 1 AS one FROM permit WHERE \(sql: condition) LIMIT 1")
    if hidden != nil { throw ServiceError(.officerWrongOffice) }
  }

  /// What a key adds to the WHERE; nil for a person nobody knows.
  private func condition(_ snapshot: Snapshot, _ key: PermitKey) throws -> SQL? {
    switch key {
    case .all: return "1 = 1"
    case .applicationID(let id): return "application_id = \(id)"
    case .citizenID(let citizenID):
      let person = try self.persons.find(snapshot, citizenID: citizenID.text)
      return person.map { "person_id = \($0)" }
    }
  }

  /// A person's live permit; nil if there is none, or none that the caller reaches.
  func livePermit(
    _ snapshot: Snapshot, of person: ID<Storage.Person>, within reach: RegistryReach
  ) throws -> Permit? {
    try snapshot.row(
      """
      SELECT \(sql: PermitRow.columns) FROM permit
      WHERE person_id = \(person) AND cancelled_at IS NULL AND \(sql: reach.permits)
      """
    ).map(PermitRow.permit)
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
}
