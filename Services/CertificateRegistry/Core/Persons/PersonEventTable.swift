import DomainModel
import ServiceCore
import Storage

/// What was reported of persons: rows that are added and never changed, from which the facts that
/// still hold follow.
struct PersonEventTable: Sendable {
  private let detail: SealedColumn

  init(sealer: any Sealer) {
    self.detail = SealedColumn(sealer, table: "person_event", column: "detail")
  }

  /// Adds what a report says, and who brought it.
  func append(
    _ transaction: Transaction, _ report: PersonReport, of person: ID<Storage.Person>,
    _ stamp: Stamp
  ) throws {
    let event = report.event
    let last = try transaction.row(
      "SELECT MAX(sequence) AS last FROM person_event WHERE person_id = \(person)")
    let sequence = try (last?.optionalInt("last") ?? 0) + 1
    let detail = try self.detail.seal(
      FieldText.join([report.source, report.reference, event.number ?? ""]),
      row: Self.row(person.text, sequence))
    try transaction.execute(
      """
      INSERT INTO person_event (person_id, sequence, kind, happened_on, division_code, detail,
        actor, at)
      VALUES (\(person), \(sequence), \(event.kind.rawValue), \(event.day.iso), \(event.division),
        \(detail), \(stamp.actor.principal), \(stamp.now))
      """)
  }

  /// What holds of a person by now.
  func facts(_ snapshot: Snapshot, of person: ID<Storage.Person>) throws -> PersonFacts {
    try self.events(snapshot, of: person).facts
  }

  /// What was reported of a person.
  func events(
    _ snapshot: Snapshot, of person: ID<Storage.Person>
  ) throws -> RecordedEvents {
    let rows = try snapshot.rows(
      """
      SELECT person_id, sequence, kind, happened_on, division_code, detail FROM person_event
      WHERE person_id = \(person) ORDER BY sequence
      """)
    return RecordedEvents(bearing: try rows.compactMap(self.event), count: rows.count)
  }

  /// An event as far as facts follow from it; nil for one from which none do.
  private func event(_ row: Row) throws -> PersonEvent? {
    let day = try row.date("happened_on")
    let kind: PersonEvent.Kind = try row.choice("kind")
    switch kind {
    case .died: return .died(on: day)
    case .deathWithdrawn: return .deathWithdrawn(on: day)
    case .hukouMoved: return .hukouMoved(to: try row.text("division_code"), on: day)
    case .numberChanged:
      let id = try Self.row(row.text("person_id"), row.int("sequence"))
      let fields = try FieldText.split(
        self.detail.openText(row.bytes("detail"), row: id), into: 3, column: "detail")
      guard case .success(let number) = CitizenID.check(fields[2], on: .latest) else {
        throw UnusableData("person event \(id) has no citizen number")
      }
      return .numberChanged(to: number, on: day)
    case .phoneReassigned: return nil
    }
  }

  /// Where its sealed values stand.
  static let sealed = [
    SealedTable("person_event", "detail", key: ["person_id", "sequence"]) { row in
      Self.row(try row.text("person_id"), try row.int("sequence"))
    }
  ]

  private static func row(_ person: String, _ sequence: Int) -> String { "\(person)/\(sequence)" }

  /// The tables, for a later migration of the registry. `phone_told_at` is empty where the phone is
  /// the one that the permit was issued with.
  static let schema = [
    """
    CREATE TABLE person_event (
      person_id $TEXT NOT NULL REFERENCES person (person_id),
      sequence $INT NOT NULL,
      kind $TEXT NOT NULL,
      happened_on $TEXT NOT NULL,
      division_code $TEXT,
      detail $BYTES NOT NULL,
      actor $TEXT NOT NULL,
      at $INT NOT NULL,
      PRIMARY KEY (person_id, sequence)
    ) $TABLE;
    CREATE TABLE person_alias (
      alias_id $TEXT PRIMARY KEY REFERENCES person (person_id),
      person_id $TEXT NOT NULL REFERENCES person (person_id),
      since $INT NOT NULL
    ) $TABLE;
    CREATE INDEX person_alias_person ON person_alias (person_id);
    ALTER TABLE permit ADD COLUMN phone_told_at $INT;
    """
  ]
}

extension PersonEvent {
  /// The division of a hukou; nil for other events.
  fileprivate var division: String? {
    if case .hukouMoved(let division, _) = self { division } else { nil }
  }

  /// A citizen number that came; nil for other events.
  fileprivate var number: String? {
    if case .numberChanged(let number, _) = self { number.text } else { nil }
  }
}
