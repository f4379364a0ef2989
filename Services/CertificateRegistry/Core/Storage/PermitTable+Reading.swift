import DomainModel
import ServiceCore
import Storage

/// How a permit's facts stand in its history: in the contract's format, which storage does not
/// know.
struct PermitFormat: Sendable {
  var encode: @Sendable (Permit) throws -> [UInt8]
  var decode: @Sendable ([UInt8]) throws -> Permit
}

/// A signed document that another has taken the place of, and the key that verifies it.
struct PastDocument: Hashable, Sendable {
  let signed: SignedDocument
  let publicKeyPEM: String
}

/// What is asked of the rows of permits.
extension PermitTable {
  /// A person's live permit; nil if there is none, or none within reach.
  func live(
    _ snapshot: Snapshot, of person: ID<Storage.Person>, within reach: OfficeReach
  ) throws -> Permit? {
    try snapshot.row(
      """
      SELECT \(sql: PermitRow.columns) FROM permit
      WHERE person_id = \(person) AND cancelled_at IS NULL
        AND \(sql: reach.condition(on: "bureau_code"))
      """
    ).map(PermitRow.permit)
  }

  /// Whose a permit is; nil where there is none of the id.
  func person(_ snapshot: Snapshot, of permit: ID<Permit>) throws -> ID<Storage.Person>? {
    try snapshot.row("SELECT person_id FROM permit WHERE permit_id = \(permit)")?.id("person_id")
  }

  /// The identifier of the live permit that the holder of a permit has beside it; nil where he has
  /// none.
  func otherLive(_ snapshot: Snapshot, than permit: ID<Permit>) throws -> String? {
    try snapshot.row(
      """
      SELECT certificate_identifier FROM permit
      WHERE person_id = (SELECT person_id FROM permit WHERE permit_id = \(permit))
        AND cancelled_at IS NULL AND permit_id <> \(permit)
      """
    )?.text("certificate_identifier")
  }

  /// One permit; nil where there is none of this id.
  func find(_ snapshot: Snapshot, _ id: ID<Permit>) throws -> Permit? {
    try snapshot.row(
      "SELECT \(sql: PermitRow.columns) FROM permit WHERE permit_id = \(id)"
    ).map(PermitRow.permit)
  }

  /// The permit that has or had a certificate of this identifier, within reach; nil if there is
  /// none.
  func find(
    _ snapshot: Snapshot, identifier: String, within reach: OfficeReach
  ) throws -> Permit? {
    try snapshot.row(
      """
      SELECT \(sql: PermitRow.columns) FROM permit
      WHERE \(sql: Self.condition(identifier: identifier))
        AND \(sql: reach.condition(on: "bureau_code"))
      """
    ).map(PermitRow.permit)
  }

  /// The permit of a person that has or had a certificate of this identifier; nil if there is none.
  func find(
    _ snapshot: Snapshot, identifier: String, of person: ID<Storage.Person>
  ) throws -> Permit? {
    try snapshot.row(
      """
      SELECT \(sql: PermitRow.columns) FROM permit
      WHERE \(sql: Self.condition(identifier: identifier)) AND person_id = \(person)
      """
    ).map(PermitRow.permit)
  }

  /// The public key of a name, PEM.
  func publicKey(_ snapshot: Snapshot, _ keyID: String) throws -> String {
    let row = try snapshot.row(
      "SELECT public_key_pem FROM signing_key WHERE key_id = \(keyID)")
    guard let row else { throw UnusableData("no public key \(keyID) is kept") }
    return try row.text("public_key_pem")
  }

  /// The condition that a permit has or had a certificate of this identifier.
  static func condition(identifier: String) -> SQL {
    """
    (certificate_identifier = \(identifier) OR permit_id = (
      SELECT past_certificate.permit_id FROM past_certificate
      WHERE past_certificate.certificate_identifier = \(identifier)))
    """
  }

  /// The signed document of a permit that is there.
  func signedDocument(_ snapshot: Snapshot, of permit: ID<Permit>) throws -> SignedDocument {
    let row = try snapshot.row(
      "SELECT document, signature FROM permit WHERE permit_id = \(permit)")
    guard let row else { throw ServiceError(.permitNotFound) }
    return SignedDocument(
      document: try self.document.open(row.bytes("document"), row: permit.text),
      signature: try row.bytes("signature"))
  }

  /// The signed document of a certificate that the permit had, whose identifier this is; nil where
  /// it is the present one, or none of the permit's.
  func pastDocument(_ snapshot: Snapshot, of identifier: String) throws -> PastDocument? {
    let row = try snapshot.row(
      """
      SELECT document, signature, public_key_pem
      FROM past_certificate JOIN signing_key ON signing_key.key_id = past_certificate.key_id
      WHERE certificate_identifier = \(identifier)
      """)
    return try row.map { row in
      let document = try self.pastDocument.open(row.bytes("document"), row: identifier)
      return PastDocument(
        signed: SignedDocument(document: document, signature: try row.bytes("signature")),
        publicKeyPEM: try row.text("public_key_pem"))
    }
  }

  /// A permit's facts as they stood at an instant: those of the present where nothing has happened
  /// to it since. Throws `NOT_THERE_YET` and `STANDING_UNKNOWN`.
  func facts(
    _ snapshot: Snapshot, of permit: Permit, asOf instant: Timestamp
  ) throws -> Permit {
    let past = try self.tables.history.standing(snapshot, of: permit.id.text, asOf: instant)
    // One that was recorded anew after it was lost had been issued before its history begins.
    if past == .notYet, instant >= permit.issuedAt {
      // Of one that was erased nobody knows it any more.
      if permit.standing.erasedAt != nil { throw ServiceError(.standingUnknown) }
      return permit
    }
    guard let kept = try past.kept() else { return permit }
    return try self.format.decode(kept.standing.record)
  }

  /// The holder's telephone number; empty where nobody knows one. Throws `PERMIT_NOT_FOUND`.
  func phone(_ snapshot: Snapshot, of permit: ID<Permit>) throws -> String {
    let row = try snapshot.row("SELECT phone FROM permit WHERE permit_id = \(permit)")
    guard let row else { throw ServiceError(.permitNotFound) }
    return try self.phone.openText(row.bytes("phone"), row: permit.text)
  }

  /// What has happened to a permit after a step, oldest first, at most `limit`.
  func events(
    _ snapshot: Snapshot, of permit: ID<Permit>, after sequence: Int, limit: Int
  ) throws -> [RecordedEvent] {
    try self.tables.history.steps(
      snapshot, of: permit.text, after: sequence, limit: limit
    ).map { step in
      RecordedEvent(
        entry: step.entry, facts: try step.standing.map { try self.format.decode($0.record) })
    }
  }
}

/// One line of a permit's history, with how the permit stood after it; nil where an earlier release
/// kept that not.
struct RecordedEvent: Hashable, Sendable {
  let entry: HistoryEntry
  let facts: Permit?
}
