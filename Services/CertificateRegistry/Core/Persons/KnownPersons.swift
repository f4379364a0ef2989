import DomainModel
import ServiceCore
import Storage

/// Who is who in the registry: a person is found by every citizen number he has or had.
///
/// A further number is a row of the directory like any other, so that it is sealed, indexed and
/// brought under new keys as all are; `person_alias` says whose it is. All other tables know the
/// person by the id of the number he came with.
struct KnownPersons: Sendable {
  let directory: PersonDirectory
  /// What other authorities have reported of them.
  let events: PersonEventTable

  init(sealer: any Sealer, index: any BlindIndex) {
    self.directory = PersonDirectory(sealer: sealer, index: index)
    self.events = PersonEventTable(sealer: sealer)
  }

  /// The person who has or had this number (normalised), nil if unknown.
  func find(_ snapshot: Snapshot, citizenID: String) throws -> ID<Storage.Person>? {
    try self.directory.find(snapshot, citizenID: citizenID).map { try self.owner(snapshot, of: $0) }
  }

  /// The person who has or had this number (normalised); `newID` becomes the id of one who is not
  /// known yet.
  func findOrCreate(
    _ transaction: Transaction, citizenID: String, newID: ID<Storage.Person>, now: Timestamp
  ) throws -> ID<Storage.Person> {
    let found = try self.directory.findOrCreate(
      transaction, citizenID: citizenID, newID: newID, now: now)
    return found == newID ? found : try self.owner(transaction, of: found)
  }

  /// Lets a number that nobody is known by lead to a person from now on.
  func add(
    _ transaction: Transaction, _ citizenID: CitizenID, to person: ID<Storage.Person>,
    _ stamp: Stamp
  ) throws {
    let alias = try self.directory.findOrCreate(
      transaction, citizenID: citizenID.text, newID: stamp.newID(), now: stamp.now)
    try transaction.execute(
      """
      INSERT INTO person_alias (alias_id, person_id, since)
      VALUES (\(alias), \(person), \(stamp.now))
      """)
  }

  /// The number that a person has by now; nil where there is no such person.
  func citizenID(_ snapshot: Snapshot, of person: ID<Storage.Person>) throws -> String? {
    try self.events.facts(snapshot, of: person).citizenID
      ?? self.directory.citizenID(snapshot, of: person)
  }

  /// Every number that leads to a person, the one he came with first.
  func citizenIDs(_ snapshot: Snapshot, of person: ID<Storage.Person>) throws -> [String] {
    try self.ids(snapshot, of: person).compactMap {
      try self.directory.citizenID(snapshot, of: $0)
    }
  }

  private func owner(
    _ snapshot: Snapshot, of number: ID<Storage.Person>
  ) throws -> ID<Storage.Person> {
    try snapshot.row("SELECT person_id FROM person_alias WHERE alias_id = \(number)")?
      .id("person_id") ?? number
  }
}
