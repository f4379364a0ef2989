import DomainModel
import PermitProof
import ServiceCore
import Storage

/// Everything that the registry holds about one person, section by section, each read by itself: so
/// the memory it takes is that of one permit with its history, however much there is.
///
/// A row is told with every column that its table has, whatever a later release adds to it.
struct PersonExport: Sendable {
  /// How many rows of a table without end one section has.
  static let pageMax = 500

  /// What a section is of.
  enum Section: Hashable, Sendable {
    /// Who he is, what was reported of him, and the keys that verify his certificates.
    case person
    case registration(ID<Registration>)
    case permit(ID<Permit>)
    /// Who looked, after a row.
    case looks(after: Int64)
    /// Which answers to his own calls are kept, after a call.
    case answers(after: Call)
  }

  /// A call of somebody's, by which a repeat of it is known.
  struct Call: Hashable, Sendable {
    var scope: String
    var key = ""
  }

  let store: RegistryStore
  let seals: ExportSeals
  let person: ID<Storage.Person>
  /// The principal under which he calls; nil where an officer asks for him.
  let principal: String?

  init(
    _ store: RegistryStore, sealer: any Sealer, of person: ID<Storage.Person>,
    calling principal: String?
  ) {
    self.store = store
    self.seals = ExportSeals(sealer: sealer)
    self.person = person
    self.principal = principal
  }

  /// The sections of which it is known from the start that there are; `after` tells what follows.
  func sections() async throws -> [Section] {
    let (store, person) = (self.store, self.person)
    let (registrations, permits) = try await store.read { snapshot in
      (
        try store.registrations.registrations(snapshot, of: person, within: .everything),
        try store.permits.permits(snapshot, of: person)
      )
    }
    return [.person] + registrations.map { .registration($0.id) } + permits.map { .permit($0.id) }
      + [.looks(after: 0)]
      + (self.principal.map { [.answers(after: Call(scope: "\($0) "))] } ?? [])
  }

  /// The lines of a section, and the section that goes on with it.
  func lines(
    of section: Section
  ) async throws -> (lines: [ExportLine], next: Section?) {
    try await self.store.read { snapshot in
      switch section {
      case .person: return (try self.personLines(snapshot), nil)
      case .registration(let id): return (try self.registrationLines(snapshot, id), nil)
      case .permit(let id): return (try self.permitLines(snapshot, id), nil)
      case .looks(let id): return try self.lookLines(snapshot, after: id)
      case .answers(let call): return try self.answerLines(snapshot, after: call)
      }
    }
  }

  // MARK: The person

  private func personLines(_ snapshot: Snapshot) throws -> [ExportLine] {
    let ids = try self.store.persons.ids(snapshot, of: self.person).map(\.text)
    let persons = try snapshot.rows(
      "SELECT * FROM person WHERE person_id IN \(values: ids) ORDER BY person_id")
    let keys = try snapshot.rows(
      "SELECT * FROM person_key WHERE person_id IN \(values: ids) ORDER BY person_id, key_id")
    let aliases = try snapshot.rows(
      "SELECT * FROM person_alias WHERE person_id = \(self.person) ORDER BY alias_id")
    let events = try snapshot.rows(
      "SELECT * FROM person_event WHERE person_id = \(self.person) ORDER BY sequence")
    let signing = try snapshot.rows(
      """
      SELECT * FROM signing_key WHERE key_id IN (
          SELECT key_id FROM permit WHERE person_id = \(self.person))
        OR key_id IN (
          SELECT past_certificate.key_id FROM past_certificate
          JOIN permit ON permit.permit_id = past_certificate.permit_id
          WHERE permit.person_id = \(self.person))
      ORDER BY first_used_at, key_id
      """)
    return try persons.map { row in
      try self.seals.line("person", row, named: row.text("person_id"), ["citizen_id": .text])
    }
      + keys.map { Self.withoutBlind("person_key", $0) }
      + aliases.map { ExportLine("person_alias", $0) }
      + events.map { row in
        let name = "\(try row.text("person_id"))/\(try row.int("sequence"))"
        return try self.seals.line(
          "person_event", row, named: name, ["detail": .fields(["source", "reference", "number"])])
      }
      + signing.map { ExportLine("signing_key", $0) }
  }

  /// The index by which a number is found is made with a key of the registry's own.
  static func withoutBlind(_ table: String, _ row: Row) -> ExportLine {
    var line = ExportLine(table, row)
    line.withhold("blind")
    return line
  }

  // MARK: Who looked, and what he was answered

  private func lookLines(
    _ snapshot: Snapshot, after id: Int64
  ) throws -> (lines: [ExportLine], next: Section?) {
    let rows = try snapshot.rows(
      """
      SELECT * FROM provision WHERE id > \(id) AND (person_id = \(self.person)
        OR permit_id IN (SELECT permit_id FROM permit WHERE permit.person_id = \(self.person)))
      ORDER BY id LIMIT \(Self.pageMax)
      """)
    let last = rows.count == Self.pageMax ? try rows.last?.int64("id") : nil
    return (rows.map { ExportLine("provision", $0) }, last.map { .looks(after: $0) })
  }

  private func answerLines(
    _ snapshot: Snapshot, after call: Call
  ) throws -> (lines: [ExportLine], next: Section?) {
    guard let principal = self.principal else { return ([], nil) }
    // A principal is followed by a space, and that by what sorts right after a space.
    let rows = try snapshot.rows(
      """
      SELECT * FROM inbox WHERE (scope, key) > (\(call.scope), \(call.key))
        AND scope < \(principal + "!")
      ORDER BY scope, key LIMIT \(Self.pageMax)
      """)
    let lines = rows.map { row in
      var line = ExportLine("inbox", row)
      line.withhold("answer")
      return line
    }
    guard rows.count == Self.pageMax, let last = rows.last else { return (lines, nil) }
    return (
      lines, .answers(after: Call(scope: try last.text("scope"), key: try last.text("key")))
    )
  }
}
