import DomainModel
import ServiceCore
import Storage

/// What is asked of the database.
extension IntakeStore {
  /// The application that a key names, where the caller may reach it; else throws
  /// `APPLICATION_NOT_FOUND`.
  func find(_ key: ApplicationKey, within reach: Reach) async throws -> Application {
    try await self.read { try self.application($0, key, within: reach) }
  }

  /// The application, and how the texts about it ended, as of one moment; throws as `find` does.
  func findTold(
    _ key: ApplicationKey, within reach: Reach
  ) async throws -> (application: Application, deliveries: [NoticeDelivery]) {
    try await self.read { try self.told($0, key, within: reach) }
  }

  /// The application and how it stood at an instant; throws as `find` does.
  func find(
    _ key: ApplicationKey, asOf instant: Timestamp, within reach: Reach
  ) async throws -> PastApplication {
    try await self.read { snapshot in
      let (present, deliveries) = try self.told(snapshot, key, within: reach)
      let id = present.id.text
      let standing = try self.tables.history.standing(snapshot, of: id, asOf: instant)
      var past = PastApplication(
        present: present, standing: standing, hasSameForm: true, deliveries: deliveries)
      if case .kept(_, let sequence) = standing {
        let rewritten = ApplicationEvent.formWritten(nil).action
        past.hasSameForm = try !self.tables.history.happened(
          snapshot, rewritten, to: id, after: sequence)
      }
      return past
    }
  }

  /// The application if it has changed since this version; nil if not. Throws
  /// `APPLICATION_NOT_FOUND` as `find` does.
  func find(
    _ id: ID<Application>, changedSince version: Int64, within reach: Reach
  ) async throws -> Application? {
    try await self.read { snapshot in
      guard try self.version(snapshot, of: id, within: reach) != version else { return nil }
      return try self.application(snapshot, .id(id), within: reach)
    }
  }

  /// The person's applications in progress, but for one of them, the oldest first.
  func openApplications(
    ofCitizen citizenID: String, besides id: ID<Application>
  ) async throws -> [OpenApplication] {
    try await self.read { try self.openApplications($0, ofCitizen: citizenID, besides: id) }
  }

  /// What the caller may reach, by ascending id, after the one given; at most `limit`.
  func list(
    after id: String, limit: Int, in state: ApplicationState?, within reach: Reach
  ) async throws -> [ApplicationSummary] {
    try await self.read { snapshot in
      let inState: SQL = state.map { "AND state = \($0)" } ?? ""
      return try snapshot.rows(
        """
        SELECT application_id, application_number, kind, channel, state, version, changed_at,
          certificate_identifier
        FROM application
        WHERE application_id > \(id) AND \(sql: self.condition(snapshot, of: reach))
          \(sql: inState)
        ORDER BY application_id LIMIT \(limit)
        """
      ).map(ApplicationSummary.init)
    }
  }

  func application(
    _ snapshot: Snapshot, _ key: ApplicationKey, within reach: Reach
  ) throws -> Application {
    let row = try self.found(
      snapshot.row(self.statement(snapshot, key, within: reach)), snapshot, key, within: reach)
    return try self.application(row, ApplicationParts(snapshot, of: row))
  }

  /// The application, and how the texts about it ended, as far as is known by now: a receipt may
  /// come after its end. By its id, all of that is read together: nobody asks as often as those who
  /// wait for an answer.
  func told(
    _ snapshot: Snapshot, _ key: ApplicationKey, within reach: Reach
  ) throws -> (application: Application, deliveries: [NoticeDelivery]) {
    let named = try self.statement(snapshot, key, within: reach)
    let row: Row
    let parts: ApplicationParts
    switch key {
    case .id(let id):
      let statements = ApplicationParts.all(of: id) + [Self.deliveries(of: id)]
      let rows = try snapshot.rows(together: [named] + statements)
      row = try self.found(rows[0].first, snapshot, key, within: reach)
      parts = ApplicationParts(rows.dropFirst())
    case .number:
      row = try self.found(snapshot.row(named), snapshot, key, within: reach)
      let id: ID<Application> = try row.id("application_id")
      let statements = ApplicationParts.all(of: id) + [Self.deliveries(of: id)]
      parts = ApplicationParts(try snapshot.rows(together: statements)[...])
    }
    return (
      try self.application(row, parts), try parts.deliveries.map(NoticeDelivery.init)
    )
  }

  private func statement(
    _ snapshot: Snapshot, _ key: ApplicationKey, within reach: Reach
  ) throws -> SQL {
    let isReached = try self.condition(snapshot, of: reach)
    return """
      SELECT \(sql: Self.columns) FROM application
      WHERE \(sql: key.condition) AND \(sql: isReached)
      """
  }

  /// The row, or why there is none for him.
  private func found(
    _ row: Row?, _ snapshot: Snapshot, _ key: ApplicationKey, within reach: Reach
  ) throws -> Row {
    if let row { return row }
    try self.refuseHidden(snapshot, key.condition, within: reach)
    throw ServiceError(.applicationNotFound)
  }

  /// An officer may know that an application is another office's.
  private func refuseHidden(_ snapshot: Snapshot, _ named: SQL, within reach: Reach) throws {
    guard case .entered = reach else { return }
    if try snapshot.exists("SELECT 1 FROM application WHERE \(sql: named)") {
      throw ServiceError(.officerWrongOffice)
    }
  }

  /// One column of one row, so that watchers can ask often.
  private func version(
    _ snapshot: Snapshot, of id: ID<Application>, within reach: Reach
  ) throws -> Int64 {
    let row = try snapshot.row(
      """
      SELECT version FROM application
      WHERE application_id = \(id) AND \(sql: self.condition(snapshot, of: reach))
      """)
    guard let row else {
      try self.refuseHidden(snapshot, "application_id = \(id)", within: reach)
      throw ServiceError(.applicationNotFound)
    }
    return try row.int64("version")
  }

  func openApplications(
    _ snapshot: Snapshot, ofCitizen citizenID: String, besides id: ID<Application>
  ) throws -> [OpenApplication] {
    guard let person = try self.persons.find(snapshot, citizenID: citizenID) else { return [] }
    return try snapshot.rows(
      """
      SELECT kind, application_number FROM application
      WHERE person_id = \(person) AND application_id <> \(id)
        AND state IN \(values: ApplicationState.open.map(\.rawValue))
      ORDER BY application_id
      """
    ).map { row in
      OpenApplication(
        kind: try row.choice("kind"), number: try row.optionalText("application_number") ?? "")
    }
  }

  /// The person's applications in progress, the oldest first.
  func openApplications(
    _ snapshot: Snapshot, ofCitizen citizenID: String
  ) throws -> [ID<Application>] {
    guard let person = try self.persons.find(snapshot, citizenID: citizenID) else { return [] }
    return try snapshot.rows(
      """
      SELECT application_id FROM application
      WHERE person_id = \(person) AND state IN \(values: ApplicationState.open.map(\.rawValue))
      ORDER BY application_id
      """
    ).map { try $0.id("application_id") }
  }

  /// How many drafts of its kind a draft's owner has.
  func draftCount(_ snapshot: Snapshot, like draft: Application) throws -> Int {
    try snapshot.row(
      """
      SELECT COUNT(*) AS drafts FROM application
      WHERE owner = \(draft.owner) AND kind = \(draft.kind) AND state = \(ApplicationState.draft)
      """
    )?.int("drafts") ?? 0
  }

  /// The condition that keeps a caller to what is his.
  func condition(_ snapshot: Snapshot, of reach: Reach) throws -> SQL {
    switch reach {
    case .everything: return "1 = 1"
    case .offices(let codes):
      return """
        (office_code IN \(values: codes) OR bureau_code IN \(values: codes)
          OR entered_at_office IN \(values: codes))
        """
    case .entered(let office):
      return "entered_at_office IN \(values: self.officesBelow(office))"
    case .owned(let owner, nil): return "owner = \(owner)"
    case .owned(let owner, let citizenID?):
      guard let person = try self.persons.find(snapshot, citizenID: citizenID) else {
        return "owner = \(owner)"
      }
      return "(owner = \(owner) OR person_id = \(person) OR guardian_id = \(person))"
    }
  }
}

extension ApplicationKey {
  /// The rows of `application` that it names: one at most.
  fileprivate var condition: SQL {
    switch self {
    case .id(let id): "application_id = \(id)"
    case .number(let number): "application_number = \(number)"
    }
  }
}
