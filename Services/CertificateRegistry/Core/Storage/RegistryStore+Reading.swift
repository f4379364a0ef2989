import DomainModel
import ServiceCore
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
  /// The leaf of its newest change; nil while it waits for one.
  let leaf: Int?
}

extension RegistryStore {
  /// The permit that has or had a certificate of this identifier, as it stands or as it stood at an
  /// instant. Throws `PERMIT_NOT_FOUND` where there is none, `OFFICER_WRONG_OFFICE` where the
  /// caller does not reach it, `NOT_THERE_YET` and `STANDING_UNKNOWN` of an instant.
  func permit(
    identifier: String, asOf instant: Timestamp?, within reach: OfficeReach
  ) async throws -> ProvablePermit {
    try await self.read { snapshot in
      let row = try snapshot.row(
        """
        SELECT \(sql: PermitRow.columns), (
          SELECT public_key_pem FROM signing_key WHERE signing_key.key_id = permit.key_id
        ) AS public_key_pem
        FROM permit WHERE \(sql: PermitTable.condition(identifier: identifier))
          AND \(sql: reach.condition(on: "bureau_code"))
        """)
      guard let row else {
        try self.refuseHidden(snapshot, identifier: identifier, within: reach)
        throw ServiceError(.permitNotFound)
      }
      let present = try PermitRow.permit(row)
      let permit = try instant.map {
        try self.permits.facts(snapshot, of: present, asOf: $0)
      }
      let told = permit ?? present
      let line = LogLine(entity: told.id.text, version: told.version)
      let leaf = try self.log.leaves(snapshot, of: [line])[line]
      if told.certificateIdentifier != present.certificateIdentifier,
        let past = try self.permits.pastDocument(snapshot, of: told.certificateIdentifier)
      {
        return ProvablePermit(
          permit: told, signed: past.signed, publicKeyPEM: past.publicKeyPEM, leaf: leaf)
      }
      return ProvablePermit(
        permit: told, signed: try self.permits.signedDocument(snapshot, of: present.id),
        publicKeyPEM: try row.text("public_key_pem"), leaf: leaf)
    }
  }

  /// Permits by ascending id after `cursor`, at most `limit`. What the caller does not reach is
  /// left out; throws `OFFICER_WRONG_OFFICE` where that is all there is.
  func permits(
    _ key: PermitKey, within reach: OfficeReach, after cursor: String, limit: Int
  ) async throws -> [Permit] {
    try await self.read { snapshot in
      guard let condition = try self.condition(snapshot, key) else { return [] }
      let permits = try snapshot.rows(
        """
        SELECT \(sql: PermitRow.columns) FROM permit
        WHERE permit_id > \(cursor) AND \(sql: condition)
          AND \(sql: reach.condition(on: "bureau_code"))
        ORDER BY permit_id LIMIT \(limit)
        """
      ).map(PermitRow.permit)
      if permits.isEmpty && cursor.isEmpty {
        try reach.refuseHidden(snapshot, "SELECT 1 FROM permit WHERE \(sql: condition)")
      }
      return permits
    }
  }

  /// What has happened to the permit that has or had a certificate of this identifier, oldest
  /// first. Throws `PERMIT_NOT_FOUND`, `OFFICER_WRONG_OFFICE` where the caller does not reach it.
  func events(
    identifier: String, within reach: OfficeReach, after cursor: String, limit: Int
  ) async throws -> [RecordedEvent] {
    try await self.read { snapshot in
      guard let permit = try self.permits.find(snapshot, identifier: identifier, within: reach)
      else {
        try self.refuseHidden(snapshot, identifier: identifier, within: reach)
        throw ServiceError(.permitNotFound)
      }
      return try self.permits.events(
        snapshot, of: permit.id, after: Int(cursor) ?? 0, limit: limit)
    }
  }

  /// Throws `OFFICER_WRONG_OFFICE` where there is such a permit, although none was found within
  /// reach.
  func refuseHidden(
    _ snapshot: Snapshot, identifier: String, within reach: OfficeReach
  ) throws {
    try reach.refuseHidden(
      snapshot,
      "SELECT 1 FROM permit WHERE \(sql: PermitTable.condition(identifier: identifier))")
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
}
