import DomainModel
import ServiceCore
import Storage

/// Bytes that are here already. Whoever asks for them must reach an application that has them, and
/// it must be the same person's: a hash grants nothing, and neither does a number in a form.
extension IntakeStore {
  /// How many materials of earlier applications are looked at, the newest first.
  static let earlierMax = 200

  /// The states of applications whose materials can stand in a later one: nobody has found fault
  /// with them.
  private static let lending: [ApplicationState] = [.submitted, .accepted, .completed]

  /// Bytes with a hash and a size that the application, or another one of its person within
  /// reach, holds; of another one no older than since `youngerThan`. Nil where there are none.
  func held(
    _ snapshot: Snapshot, _ announced: AnnouncedMaterial, for id: ID<Application>,
    within reach: Reach, youngerThan instant: Timestamp?
  ) throws -> HeldBytes? {
    let content: SQL = "sha256 = \(announced.sha256) AND size_bytes = \(announced.sizeBytes)"
    let own = try snapshot.rows(
      """
      SELECT \(sql: Self.materialColumns) FROM material
      WHERE application_id = \(id) AND \(sql: content)
      """
    ).map(Material.init)
    if let held = try self.stored(snapshot, own) { return held }
    guard let person = try self.person(snapshot, of: id) else { return nil }
    let others = try snapshot.rows(
      """
      SELECT \(sql: Self.materialColumns) FROM material
      WHERE \(sql: content) AND application_id IN (
        SELECT application_id FROM application
        WHERE person_id = \(person) AND \(sql: self.condition(snapshot, of: reach)))
      """
    ).map(Material.init)
    return try self.stored(
      snapshot, others.filter { $0.bytesAt >= instant ?? Timestamp(milliseconds: .min) })
  }

  /// The newest of these whose bytes are there: an application that was restored has lost its own.
  private func stored(_ snapshot: Snapshot, _ materials: [Material]) throws -> HeldBytes? {
    let newest = try materials.sorted { $0.bytesAt > $1.bytesAt }.first { material in
      try self.isStored(snapshot, material)
    }
    return newest.map {
      HeldBytes(bytesID: $0.bytesID, mediaType: $0.mediaType, bytesAt: $0.bytesAt)
    }
  }

  private func isStored(_ snapshot: Snapshot, _ material: Material) throws -> Bool {
    try snapshot.exists(
      "SELECT 1 FROM material_piece WHERE material_id = \(material.bytesID) AND number = 0")
  }

  /// Photos, identity cards and evidence of the person's submitted applications within reach, the
  /// newest first; nobody's where the application names no person and `citizenID` is nil.
  func earlierMaterials(
    for id: ID<Application>, ofCitizen citizenID: String?, within reach: Reach
  ) async throws -> [EarlierMaterial] {
    let kinds = [MaterialKind.photo, .idCard, .evidence].map { Int64($0.rawValue) }
    return try await self.read { snapshot in
      let unnamed = try citizenID.flatMap { try self.persons.find(snapshot, citizenID: $0) }
      guard let person = try self.person(snapshot, of: id) ?? unnamed else { return [] }
      let rows = try snapshot.rows(
        """
        SELECT lender.application_id, lender.application_number, \(sql: Self.materialColumns)
        FROM (SELECT application_id, application_number FROM application
            WHERE person_id = \(person) AND state IN \(values: Self.lending.map(\.rawValue))
              AND application_id <> \(id) AND \(sql: self.condition(snapshot, of: reach))
          ) AS lender
          JOIN material ON material.application_id = lender.application_id
        WHERE kind IN \(values: kinds)
        ORDER BY COALESCE(bytes_since, uploaded_at) DESC, material_id LIMIT \(Self.earlierMax)
        """)
      return try rows.map { row in
        EarlierMaterial(
          material: try Material(row), application: try row.id("application_id"),
          number: try row.optionalText("application_number") ?? "")
      }.filter { try self.isStored(snapshot, $0.material) }
    }
  }

  /// A material of an application that the caller may reach. Throws `APPLICATION_NOT_FOUND`,
  /// `OFFICER_WRONG_OFFICE` and `MATERIAL_NOT_FOUND`.
  func material(
    _ material: ID<Material>, of id: ID<Application>, within reach: Reach
  ) async throws -> Material {
    try await self.read { snapshot in
      let isReached = try snapshot.exists(
        """
        SELECT 1 FROM application
        WHERE application_id = \(id) AND \(sql: self.condition(snapshot, of: reach))
        """)
      if !isReached { throw try self.unreached(snapshot, id, within: reach) }
      let row = try snapshot.row(
        """
        SELECT \(sql: Self.materialColumns) FROM material
        WHERE material_id = \(material) AND application_id = \(id)
        """)
      guard let found = try row.map(Material.init), try self.isStored(snapshot, found) else {
        throw ServiceError(.materialNotFound)
      }
      return found
    }
  }

  /// An officer may know that another office has an application; nobody else may.
  private func unreached(
    _ snapshot: Snapshot, _ id: ID<Application>, within reach: Reach
  ) throws -> ServiceError {
    guard case .offices = reach else { return ServiceError(.applicationNotFound) }
    let isElsewhere = try snapshot.exists(
      "SELECT 1 FROM application WHERE application_id = \(id) AND office_code IS NOT NULL")
    return ServiceError(isElsewhere ? .officerWrongOffice : .applicationNotFound)
  }

  private func person(
    _ snapshot: Snapshot, of id: ID<Application>
  ) throws -> ID<Storage.Person>? {
    try snapshot.row("SELECT person_id FROM application WHERE application_id = \(id)")?
      .optionalText("person_id").map { ID($0) }
  }
}
