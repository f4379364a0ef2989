import DomainModel
import ServiceCore
import Storage

extension KnownPersons {
  /// Whose everything is that was erased. It is a row like any other, so that all that refers to a
  /// person still does; the number that it is found by is none that a person has.
  static let nobody = ID<Storage.Person>("erased")

  /// Makes that row, where nobody was erased before; returns its id.
  func makeNobody(
    _ transaction: Transaction, at now: Timestamp
  ) throws -> ID<Storage.Person> {
    try self.directory.findOrCreate(
      transaction, citizenID: Self.nobody.text, newID: Self.nobody, now: now)
  }

  /// The ids under which the directory has a person: that of the number he came with, and those of
  /// the numbers that were added.
  func ids(_ snapshot: Snapshot, of person: ID<Storage.Person>) throws -> [ID<Storage.Person>] {
    let added = try snapshot.rows(
      "SELECT alias_id FROM person_alias WHERE person_id = \(person) ORDER BY alias_id")
    return [person] + (try added.map { try $0.id("alias_id") })
  }

  /// When a person came to be known; nil where he is not.
  func knownSince(_ snapshot: Snapshot, _ person: ID<Storage.Person>) throws -> Timestamp? {
    try snapshot.row("SELECT created_at FROM person WHERE person_id = \(person)")?
      .timestamp("created_at")
  }

  /// Forgets a person, his numbers and what was reported of him. Nothing refers to him any more.
  func forget(_ transaction: Transaction, _ person: ID<Storage.Person>) throws {
    let ids = try self.ids(transaction, of: person).map(\.text)
    try transaction.execute("DELETE FROM person_event WHERE person_id = \(person)")
    try transaction.execute("DELETE FROM person_alias WHERE person_id = \(person)")
    try transaction.execute("DELETE FROM person_key WHERE person_id IN \(values: ids)")
    try transaction.execute("DELETE FROM person WHERE person_id IN \(values: ids)")
  }
}
