public import DomainModel

/// What an `ID<Person>` identifies: one human being, known to one service by a random id.
public enum Person {}

/// Who is who in one service. Every other table and unique index refers to the person's random id,
/// so that keys can be rotated and a person erased without touching them.
///
/// `person` keeps the sealed identity number, `person_key` finds it: a keyed one-way index under
/// one or, while keys are rotated, two key ids.
public struct PersonDirectory: Sendable {
  private let identity: SealedColumn
  private let index: any BlindIndex

  /// A directory over the sealer and the index of one service.
  public init(sealer: any Sealer, index: any BlindIndex) {
    self.identity = SealedColumn(sealer, table: "person", column: "citizen_id")
    self.index = index
  }

  /// The person with this citizen identity number (公民身份号码, normalised), nil if unknown.
  public func find(_ snapshot: Snapshot, citizenID: String) throws -> ID<Person>? {
    try snapshot.row(
      """
      SELECT person_id FROM person_key
      WHERE key_id = \(self.index.keyID) AND blind = \(self.index.blind(citizenID))
      """
    )?.id("person_id")
  }

  /// The person with this citizen identity number (normalised); `newID` becomes the id of one who
  /// is not known yet.
  public func findOrCreate(
    _ transaction: Transaction, citizenID: String, newID: ID<Person>, now: Timestamp
  ) throws -> ID<Person> {
    if let known = try self.find(transaction, citizenID: citizenID) { return known }
    try transaction.execute(
      """
      INSERT INTO person (person_id, citizen_id, created_at)
      VALUES (\(newID), \(try self.identity.seal(citizenID, row: newID.text)), \(now))
      """)
    let inserted = try transaction.execute(
      """
      INSERT INTO person_key (key_id, blind, person_id)
      VALUES (\(self.index.keyID), \(self.index.blind(citizenID)), \(newID))
      ON CONFLICT DO NOTHING
      """)
    // Another transaction has made the same person meanwhile; run again and find it.
    if inserted == 0 { throw StorageError.serializationFailure }
    return newID
  }

  /// The citizen identity number of a person, nil if unknown.
  public func citizenID(_ snapshot: Snapshot, of person: ID<Person>) throws -> String? {
    let sealed = try snapshot.row(
      "SELECT citizen_id FROM person WHERE person_id = \(person)")?.bytes("citizen_id")
    return try self.identity.openText(sealed, row: person.text)
  }

  /// The tables, for a service's first migration.
  public static let schema = [
    """
    CREATE TABLE person (
      person_id $TEXT PRIMARY KEY,
      citizen_id $BYTES NOT NULL,
      created_at $INT NOT NULL
    ) $TABLE;
    CREATE TABLE person_key (
      key_id $TEXT NOT NULL,
      blind $BYTES NOT NULL,
      person_id $TEXT NOT NULL REFERENCES person (person_id),
      PRIMARY KEY (key_id, blind)
    ) $TABLE;
    CREATE INDEX person_key_person ON person_key (person_id);
    """
  ]
}
